"""What pages show, as frozen rows: each query says how many queries it makes, and none depends on the rows."""
