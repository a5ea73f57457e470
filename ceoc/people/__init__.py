"""The people of the team at the vendors: who is who there, what each needs to work, and what becomes of who leaves."""
