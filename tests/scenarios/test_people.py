"""Who may what, over real HTTP: a shadow changes nothing on any address; calling a colleague begins no emergency."""

from __future__ import annotations

import re

import pytest

from tests.access.routes import routes
from tests.access.test_urls import OPEN_TO_SHADOWS, UNSAFE
from tests.scenarios.running import Running

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]


def test_a_shadows_every_unsafe_request_is_refused_and_changes_nothing(quiet: Running) -> None:
    made, subject = quiet.page()
    quiet.settled()
    row = quiet.on_board(subject)
    command = pressed_once(quiet, row.id)
    delivery = quiet.asked("SELECT public_id FROM inbox_delivery WHERE klass = 'global' LIMIT 1")[0][0]
    known = {"emergencies": row.id, "tray": made["page"], "deliveries": delivery, "commands": command}
    before = kept(quiet, made["page"], delivery)
    shadow, answers = quiet.visitor("shadow"), {}
    for route in routes():
        if route.name in OPEN_TO_SHADOWS:
            continue
        path = re.sub(r"<[^>]+>", known.get(route.pattern.partition("/")[0], "none"), "/" + route.pattern)
        for method in UNSAFE:
            answers[method, path] = shadow.send(method, path, text="x", page=f"page:{made['page']}").status_code
    assert len(answers) > 100
    assert {asked: status for asked, status in answers.items() if status != 403} == {}
    assert kept(quiet, made["page"], delivery) == before


def pressed_once(live: Running, row: str) -> str:
    """A command that is delivered; its id."""
    live.visitor("engineer").press(row, "acknowledge")
    live.settled()
    return live.asked('SELECT public_id FROM outbox_command WHERE "group" = %s', row)[0][0]


def kept(live: Running, page: str, delivery: str) -> list[object]:
    """What a person could change, here and at PagerDuty; not what happens by itself on a quiet day."""
    live.settled()
    tables = ("emergencies_entry WHERE source = 'dashboard'", "emergencies_link", "emergencies_draft", "outbox_command")
    incident = live.box.incident(page)
    acts = [incident["status"], len(incident["log_entries"]), len(live.box.state()["incidents"])]
    replayed = live.asked("SELECT state, processed_at FROM inbox_delivery WHERE public_id = %s", delivery)
    return [acts, replayed, [live.asked(f"SELECT count(*) FROM {table}")[0][0] for table in tables]]


def test_a_page_to_a_colleague_rings_them_and_is_no_emergency(quiet: Running) -> None:
    made, subject = quiet.page()
    quiet.settled()
    row, mira = quiet.on_board(subject), quiet.visitor("engineer")
    mira.press(row.id, "acknowledge")
    quiet.settled()
    before = len(mira.board()), emergencies(quiet)
    mira.press(row.id, "call", to="second@demo.example", text="Please join me, the disk is full.")
    summons = quiet.until(lambda: called(quiet), 10, "a page of ours")
    assert [one["assignee"]["summary"] for one in summons["assignments"]] == ["Theo Lindqvist"]
    assert "Northwind" not in summons["title"], "many read PagerDuty's lists"
    quiet.settled()
    quiet.box.act("acknowledge", page=summons["id"], by="theo")
    quiet.settled()

    assert (len(mira.board()), emergencies(quiet)) == before
    assert "Mira Okafor" in mira.row(subject).words, "nor is its acknowledgement the emergency's"
    assert "Theo" in mira.text(f"/emergencies/{row.id}/").partition('id="e-timeline"')[2], "it is part of the timeline"
    quiet.box.act("resolve", page=summons["id"], by="theo")
    quiet.checked()
    assert quiet.box.incident(made["page"])["status"] == "acknowledged"
    assert (len(mira.board()), emergencies(quiet)) == before


def called(live: Running) -> dict | None:
    """The page whose key is one of our own commands'."""
    ours = [page for page in live.box.state()["incidents"] if str(page.get("incident_key", "")).startswith("ceoc-")]
    return ours[0] if ours else None


def emergencies(live: Running) -> int:
    """How many there are, of any stage and class."""
    return live.asked("SELECT count(*) FROM emergencies_emergency")[0][0]
