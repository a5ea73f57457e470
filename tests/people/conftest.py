"""The product before the sandbox's vendors, over real HTTP: their people are read as the lanes would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ceoc import clock
from ceoc.env import Secret
from ceoc.people import reads
from ceoc.people.models import Listing, Match
from ceoc.people.places import PLACES
from ceoc.settings import ZendeskAccount
from ceoc.vendors import pagerduty, slack, zendesk
from tests.sandbox_process import SandboxProcess, running_sandbox

DOORS = (pagerduty, slack, zendesk)
VENDORS = ("pagerduty", "slack", "zendesk_global", "zendesk_us_gov")


@pytest.fixture(scope="package")
def box() -> Iterator[SandboxProcess]:
    with running_sandbox() as box:
        yield box


@pytest.fixture
def vendors(box: SandboxProcess, settings) -> Iterator[SandboxProcess]:
    """The settings name the sandbox's vendors, and all of them are well."""
    env = box.env
    settings.PAGERDUTY_API_URL, settings.SLACK_API_URL = env["PAGERDUTY_API_URL"], env["SLACK_API_URL"]
    settings.PAGERDUTY_API_TOKEN, settings.SLACK_BOT_TOKEN = (
        Secret(env["PAGERDUTY_API_TOKEN"]), Secret(env["SLACK_BOT_TOKEN"]),
    )  # fmt: skip
    settings.ZENDESK = {
        account: ZendeskAccount(
            url=env[f"ZENDESK_{name}_URL"],
            email=env[f"ZENDESK_{name}_EMAIL"],
            token=Secret(env[f"ZENDESK_{name}_TOKEN"]),
            webhook_secret=Secret(env[f"ZENDESK_{name}_WEBHOOK_SECRET"]),
        )
        for account, name in (("global", "GLOBAL"), ("us_gov", "US_GOV"))
    }
    for door in DOORS:
        door.door.cache_clear()
    yield box
    for vendor in VENDORS:
        box.post("/faults", vendor=vendor, mode="ok")
    for door in DOORS:
        door.door.cache_clear()


@pytest.fixture
def read(vendors: SandboxProcess, db: None) -> Callable[[], int]:
    """Owes what is owed and reads all that is due, whatever it waits for; says how much was read."""

    def read_all() -> int:
        wall = clock.wall()
        reads.owe(wall)
        Match.objects.filter(due_at__isnull=False).update(due_at=wall)
        Listing.objects.filter(asked=True).update(due_at=wall)
        return sum(reads.read_due(place) for place in PLACES)

    return read_all
