"""A stand-in for PagerDuty, Zendesk and Slack over real HTTP, in one process of its own.

It imports nothing of the product: product and sandbox meet only on the wire, by the vendors' own formats. Its state is
a SQLite file, so that a killed sandbox comes back where it was, with its unsent webhooks and the acts still to play.
"""
