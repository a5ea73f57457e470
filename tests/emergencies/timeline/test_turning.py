"""What turns out to be US Government's takes along all that is kept of it, and leaves the pages of the uncleared at
once (security.md 6)."""

from __future__ import annotations

import pytest

from ceoc.outbox.models import Command
from emergencies import actions
from emergencies.models import Subject
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline import record as door
from emergencies.timeline.record import record
from tests.emergencies.world import MIRA, NOW, Trouble, by_hand, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every topic that is announced, with its class."""
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(door, "announce", lambda topics, klass: told.extend((topic, klass) for topic in topics))
    return told


def turns(page: Ref, klass: str = "us_gov", **fields: object) -> None:
    record(sightings=[seen(page, k.PageTriggered(portal=klass, **fields), NOW, MIRA, klass=klass)], now=NOW)


def test_commands_have_the_class_of_their_emergency_whenever_they_were_wanted(viewer_of_role, heard) -> None:
    trouble = Trouble("Turncoat", 1).pages(5, "Everything turns")
    actions.acknowledge(emergency=trouble.row, by=viewer_of_role("engineer"), now=NOW)
    assert Command.objects.get().klass == "global"
    before = trouble.row
    turns(trouble.page)

    assert Command.objects.get().klass == "us_gov"
    assert ("commands", "global") in heard
    actions.page_note(emergency=before, by=viewer_of_role("engineer"), now=NOW, text="Pressed just before it turned")
    assert set(Command.objects.values_list("klass", flat=True)) == {"us_gov"}


def test_a_page_that_waits_leaves_everybodys_tray(heard) -> None:
    page = by_hand()
    heard.clear()
    turns(page, by_hand=True)

    assert (Subject.objects.get(key=page.key).klass, heard) == ("us_gov", [("tray", "global")])


def test_a_page_of_us_government_is_nothing_to_everybodys_tray(heard) -> None:
    by_hand(klass="us_gov")

    assert heard == [("tray", "us_gov")]
