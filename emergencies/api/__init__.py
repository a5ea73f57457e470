"""The API of emergencies, over the same queries and actions as the pages."""
