"""The team's settings: data with defaults in the code, edited by managers, kept in versions that are never changed."""
