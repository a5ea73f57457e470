"""The product before a real sandbox over HTTP: webhooks come in, deliveries are read, owed reads are done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configured

from ceoc import clock
from ceoc.env import Secret
from ceoc.inbox import processing
from ceoc.inbox.models import Delivery
from ceoc.settings import ZendeskAccount
from ceoc.vendors import pagerduty, slack, zendesk
from emergencies.ingest import register
from emergencies.models import Emergency, Entry, Link, Subject
from emergencies.story.story import Story
from emergencies.timeline.read import story_of
from emergencies.timeline.rows import entry_of
from tests.sandbox_process import SandboxProcess, running_sandbox

register.register()


class Desk:
    """The product's side: does what the sweeps would do, and shows what came of it."""

    def __init__(self, box: SandboxProcess) -> None:
        self.box = box

    def work(self, *, reads: bool = True) -> None:
        """Waits for the sandbox's webhooks and does all that is due; without `reads` no vendor is asked."""
        self.box.settle()
        for _ in range(30):
            self._be_patient()
            done = processing.process_due(clock.now())
            done += sum(lane.read_due() for lane in register.LANES) if reads else 0
            if not done:
                return
        raise AssertionError("the work never ends")

    def _be_patient(self) -> None:
        """What waits for its next try is due now."""
        Delivery.objects.filter(state="stored").update(due_at=datetime.now(UTC) - timedelta(seconds=1))

    def emergency(self, key: str) -> Emergency:
        """The one that a subject belongs to."""
        return Link.objects.get(subject__key=key, ended=False, alone=True).emergency

    def story(self, key: str) -> Story:
        return story_of(self.emergency(key))

    def told(self, key: str) -> list[str]:
        """The kinds of a subject's standing entries, in the order of the timeline."""
        return [entry.fact.kind for entry in self.entries(key)]

    def entries(self, key: str):
        rows = Entry.objects.filter(subject__key=key, known_until=None)
        return sorted((entry_of(row, key) for row in rows), key=lambda entry: entry.order)

    def states(self) -> set[str]:
        return set(Delivery.objects.values_list("state", flat=True))

    def look_again(self) -> None:
        """Lets every read that waits for its time be due."""
        Subject.objects.filter(read_due_at__isnull=False).update(read_due_at=datetime.now(UTC) - timedelta(seconds=1))


@pytest.fixture(scope="package")
def running_box(live_server) -> Iterator[SandboxProcess]:
    with running_sandbox(live_server.url) as box:
        yield box


@pytest.fixture
def desk(running_box: SandboxProcess, transactional_db: None, settings, monkeypatch) -> Iterator[Desk]:
    """A desk with nothing on it, and a sandbox in which nothing has happened yet."""
    env = running_box.env
    settings.PAGERDUTY_API_URL, settings.SLACK_API_URL = env["PAGERDUTY_API_URL"], env["SLACK_API_URL"]
    settings.PAGERDUTY_API_TOKEN = Secret(env["PAGERDUTY_API_TOKEN"])
    settings.PAGERDUTY_WEBHOOK_SECRETS = Secret(env["PAGERDUTY_WEBHOOK_SECRETS"])
    settings.SLACK_BOT_TOKEN, settings.SLACK_SIGNING_SECRET = (
        Secret(env["SLACK_BOT_TOKEN"]),
        Secret(env["SLACK_SIGNING_SECRET"]),
    )
    settings.ZENDESK = {
        account: ZendeskAccount(
            url=env[f"ZENDESK_{name}_URL"],
            email=env[f"ZENDESK_{name}_EMAIL"],
            token=Secret(env[f"ZENDESK_{name}_TOKEN"]),
            webhook_secret=Secret(env[f"ZENDESK_{name}_WEBHOOK_SECRET"]),
        )
        for account, name in (("global", "GLOBAL"), ("us_gov", "US_GOV"))
    }
    assert env["PAGERDUTY_API_URL"] == configured.PAGERDUTY_API_URL
    for vendor in (pagerduty, zendesk, slack):
        vendor.door.cache_clear()
    for vendor in ("pagerduty", "slack", "zendesk_global", "zendesk_us_gov"):
        running_box.post("/faults", vendor=vendor, mode="ok", webhooks="on")
    running_box.post("/reset")
    yield Desk(running_box)
    for vendor in (pagerduty, zendesk, slack):
        vendor.door.cache_clear()


@pytest.fixture
def paged(desk, person_of):
    """A customer's page with its ticket, in the timeline; the team is known."""
    for name in ("engineer", "second", "manager", "cleared"):
        person_of(name)
    made = desk.box.act("page", customer="northwind", subject="Gitaly storage full", text="Nobody can push.")
    desk.work()
    return {
        "page": made["page"],
        "ticket": made["ticket"],
        "P": f"page:{made['page']}",
        "T": f"ticket:global:{made['ticket']}",
    }
