"""What changed, told to every open page: announcements inside the transaction, fragments rendered once per audience, event streams."""
