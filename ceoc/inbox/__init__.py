"""Webhooks: checked, kept as they came, answered, and only then read (architecture.md 2.7, security.md 10)."""
