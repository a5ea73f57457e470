"""Asks each vendor once a minute what is open, so that a webhook that got lost is mended and a quiet vendor is known to
be well (architecture.md 2.7). Reading everything that changed comes with reconcile; this asks for what is open
alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import msgspec
import structlog

from ceoc import clock
from ceoc.ops import freshness
from ceoc.ops.lanes import Lanes
from ceoc.vendors import pagerduty, slack, zendesk
from ceoc.vendors.errors import Refused, Unavailable
from emergencies.ingest import reads
from emergencies.ingest.pagerduty import OURS
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=60)
"""Wall time between two questions to one account."""

PATIENCE = 0.5
"""Seconds that a sweep waits for the answers; one that takes longer goes on by itself."""

SEARCH = "priority:urgent status<solved"
"""What an engineer would search for in Zendesk (PAGE-4)."""


class Question(msgspec.Struct, frozen=True):
    """What one account is asked."""

    vendor: str
    account: str
    ask: Callable[[], list[str]]
    """Asks, and answers the keys of what is open there."""

    @property
    def name(self) -> str:
        """The lane's name."""
        return " ".join(filter(None, ("ask", self.vendor, self.account)))


def open_pages() -> list[str]:
    """Every page that is open in PagerDuty."""
    found = pagerduty.door().pages(statuses=("triggered", "acknowledged"))
    return [Ref("summons" if page.key.startswith(OURS) else "page", page.id).key for page in found]


def urgent_tickets(account: Account) -> list[str]:
    """Every urgent ticket of an account that is not solved."""
    return [Ref("ticket", ticket.id, account).key for ticket in zendesk.door(account).tickets(SEARCH)]


def nothing_of_slack() -> list[str]:
    """Slack has nothing that is open; that it answers is all that is asked."""
    slack.door().well()
    return []


QUESTIONS = (
    Question("pagerduty", "", open_pages),
    Question("zendesk", "global", partial(urgent_tickets, "global")),
    Question("zendesk", "us_gov", partial(urgent_tickets, "us_gov")),
    Question("slack", "", nothing_of_slack),
)


def ask_due(now: datetime) -> int:
    """The sweep `asking`: asks every account whose minute is over, each in a thread of its own; how many there were."""
    del now
    wall = clock.wall()
    due = [one for one in QUESTIONS if freshness.may_ask(one.vendor, one.account, wall, every=EVERY)]
    _lanes.run(due, PATIENCE)
    return len(due)


def ask(question: Question) -> None:
    """Asks one account, and owes a read to everything open there that was never read."""
    try:
        reads.owe_unread(question.ask(), clock.wall())
    except (Unavailable, Refused) as error:
        log.info("question.unanswered", vendor=question.vendor, account=question.account, reason=error.sentence)


_lanes = Lanes(ask)
