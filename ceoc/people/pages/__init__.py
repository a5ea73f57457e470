"""Views about people: who is asking, may they, do it, show it."""
