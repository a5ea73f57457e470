"""Which Slack channel an emergency belongs to (COMM-1; readings.md: US Gov threads live in one channel only). Pure."""

from __future__ import annotations

from emergencies.policy.registry import rule
from emergencies.story.kinds import Account

GITLAB_COM = frozenset({"gitlab_com", "saas", "gitlab.com"})


@rule("COMM-1", off="")
def channel_for(account: Account | str, product: str) -> str:
    """The channel's name, without `#`."""
    if account == "us_gov":
        return "spt_us-government"
    return "support_gitlab-com" if product.lower() in GITLAB_COM else "support_self-managed"
