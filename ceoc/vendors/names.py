"""What the vendors are called."""

NAMES = {"pagerduty": "PagerDuty", "zendesk": "Zendesk", "slack": "Slack"}
