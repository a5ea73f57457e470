"""The stand-in for PagerDuty: REST API v2 and Webhooks v3."""
