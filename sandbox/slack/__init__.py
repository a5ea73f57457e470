"""The stand-in for Slack: the Web API and the Events API."""
