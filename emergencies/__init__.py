"""Emergencies: timelines of pages, tickets, threads and people, what policy says of them, and the pages that show
it."""
