"""Commands on their way to vendors: nothing out is lost or doubled (architecture.md 2.8)."""
