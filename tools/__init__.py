"""What stands behind the make commands."""
