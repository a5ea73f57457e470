"""`make bench`: speed as JSON lines, each figure as a ratio against a reference of the same run. Asserts nothing."""
