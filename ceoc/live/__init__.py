"""What changed, told to every open page: announcements, fragments rendered once per audience, event streams."""
