"""The stand-in for Zendesk Support: two accounts with data of their own."""
