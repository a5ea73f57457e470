"""The environment that the runner gives its processes where the person set nothing: a demo on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ceoc.runner import keys, ports

VENDOR_PORTS = {
    "SANDBOX_URL": (8100, ""),
    "PAGERDUTY_API_URL": (8101, ""),
    "ZENDESK_GLOBAL_URL": (8102, ""),
    "ZENDESK_US_GOV_URL": (8103, ""),
    "SLACK_API_URL": (8104, "/api/"),
}
"""Where the sandbox stands in for each vendor: the port that is tried first, and what follows it."""

SECRETS = (
    "SECRET_KEY",
    "PAGERDUTY_API_TOKEN",
    "PAGERDUTY_WEBHOOK_SECRETS",
    "ZENDESK_GLOBAL_TOKEN",
    "ZENDESK_GLOBAL_WEBHOOK_SECRET",
    "ZENDESK_US_GOV_TOKEN",
    "ZENDESK_US_GOV_WEBHOOK_SECRET",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
)


def defaults(given: Mapping[str, str], *, var: Path, port: int, key_folder: Path, near: bool = True) -> dict[str, str]:
    """What is missing in `given` for a demo on `port`. With `near` the vendors' usual ports are tried first.

    Generated secrets come from `key_folder`. An address that the person set stays as it is.
    """
    made = {
        "DEBUG": "0",
        "DEMO": "1",
        "PORT": str(port),
        "CEOC_VAR": str(var),
        "CEOC_URL": f"http://{ports.HOST}:{port}",
        "ALLOWED_HOSTS": f"{ports.HOST},localhost",
        "ZENDESK_GLOBAL_EMAIL": "integration@demo.example",
        "ZENDESK_US_GOV_EMAIL": "integration@demo.example",
    }
    taken = frozenset({port})
    for name, (wanted, path) in VENDOR_PORTS.items():
        if not given.get(name):
            chosen = ports.free(wanted if near else 0, taken)
            taken |= {chosen}
            made[name] = f"http://{ports.HOST}:{chosen}{path}"
    for name in SECRETS:
        if not given.get(name) and not given.get(f"{name}_FILE"):
            made[name] = keys.kept(key_folder, name)
    return {name: value for name, value in made.items() if not given.get(name)}
