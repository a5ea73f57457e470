"""The doors to PagerDuty, Zendesk and Slack: one module each; nothing else imports their libraries."""

import warnings

warnings.filterwarnings(
    "ignore", message='The package "pdpyras" is deprecated'
)  # known: it is the library we were given
