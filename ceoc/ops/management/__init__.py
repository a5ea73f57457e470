"""The commands of running the product."""
