"""The doors to PagerDuty, Zendesk and Slack: one module each; nothing else imports their libraries."""
