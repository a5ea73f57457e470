"""The page of commands: what it shows to whom, and what can be pressed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from ceoc.access.viewer import Audience
from ceoc.live import wire
from ceoc.look import paging
from ceoc.outbox import queries
from ceoc.outbox.live import CommandsSource
from ceoc.outbox.models import STATES, WAITING, Command
from ceoc.outbox.words import LOOKS
from tests.outbox.post import fresh, wish

pytestmark = pytest.mark.django_db


def put(command: Command, state: str, **fields) -> Command:
    wall = datetime.now(UTC)
    fields = {
        "due_at": wall if state in WAITING else None,
        "lease_until": wall + timedelta(minutes=1) if state == "sending" else None,
        "hold_until": wall + timedelta(seconds=9) if state == "held" else None,
        "delivered_at": wall if state == "delivered" else None,
    } | fields
    Command.objects.filter(pk=command.pk).update(state=state, **fields)
    return fresh(command)


def text(answer) -> str:
    return answer.content.decode()


def shown(answer) -> list[str]:
    return re.findall(r'<tr id="command-([a-z2-7]{12})"', text(answer))


def test_every_state_is_shown_with_icon_word_and_what_can_be_done(engineer, post):
    for state in STATES:
        put(wish(f"page:{state}"), state, reason=f"Because of {state}.")
    body = text(engineer.get("/commands/"))
    for state, look in LOOKS.items():
        assert f"{look.word}</span>" in body
        assert f"Because of {state}." in body
    assert body.count("Take back</button>") == 1
    assert body.count("Retry</button>") == 2  # refused, expired
    assert body.count("Send now</button>") == 2  # asks, will retry
    assert body.count("Look now</button>") == 1  # checking
    assert set(LOOKS) == set(STATES)


def test_nothing_yet(engineer):
    assert "Nothing was sent yet" in text(engineer.get("/commands/"))
    assert "Show all commands" in text(engineer.get("/commands/?show=attention"))


def test_the_list_is_narrowed(engineer, post):
    post.register("slack_post", "slack")
    refused, waits = put(wish("page:Q1"), "refused"), wish("page:Q2")
    posted = put(wish("channel:x", vendor="slack", kind="slack_post"), "delivered")
    every = [one.public_id for one in (posted, waits, refused)]
    assert shown(engineer.get("/commands/")) == every
    assert shown(engineer.get("/commands/?show=attention")) == [refused.public_id]
    assert shown(engineer.get("/commands/?show=moving")) == [waits.public_id]
    assert shown(engineer.get("/commands/?vendor=slack")) == [posted.public_id]
    assert shown(engineer.get("/commands/?show=nonsense&vendor=<b>&page=-1")) == every


def test_the_list_goes_on(engineer, post, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 2)
    commands = [wish(f"page:Q{number}") for number in range(3)]
    first = engineer.get("/commands/?show=moving")
    assert shown(first) == [commands[2].public_id, commands[1].public_id]
    assert "?show=moving&amp;page=2" in text(first)
    assert shown(engineer.get("/commands/?show=moving&page=2")) == [commands[0].public_id]


def test_text_of_people_is_text(engineer, post):
    wish(payload={"text": "<script>alert(1)</script>"})
    body = text(engineer.get("/commands/"))
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_us_government_is_not_there_for_the_uncleared(engineer, manager, cleared, post):
    gov, ours = put(wish("page:Q1", klass="us_gov"), "refused"), wish("page:Q2")
    for client in (engineer, manager):
        assert shown(client.get("/commands/")) == [ours.public_id]
        unseen = client.post(f"/commands/{gov.public_id}/retry/")
        unknown = client.post("/commands/aaaaaaaaaaaa/retry/")
        assert unseen.status_code == unknown.status_code == 404
    assert fresh(gov).state == "refused"
    assert gov.public_id in shown(cleared.get("/commands/"))
    assert "US Gov" in text(cleared.get("/commands/"))


def test_a_shadow_sees_and_changes_nothing(shadow, post):
    command = put(wish(), "refused")
    answer = shadow.get("/commands/")
    assert shown(answer) == [command.public_id]
    assert "Retry</button>" not in text(answer)
    for press in ("retry", "dismiss", "take-back"):
        assert shadow.post(f"/commands/{command.public_id}/{press}/").status_code == 403
    assert fresh(command).state == "refused"


def test_a_stranger_sees_nothing(stranger, post):
    command = wish()
    assert stranger.get("/commands/").status_code == 302
    assert stranger.post(f"/commands/{command.public_id}/dismiss/").status_code == 403


def test_presses_do_what_they_say(engineer, post):
    refused, waits, held = (
        put(wish("page:1"), "refused"),
        put(wish("page:2"), "will_retry"),
        put(wish("page:3"), "held"),
    )
    assert engineer.post(f"/commands/{refused.public_id}/retry/", {"back": "/commands/?show=moving"}).url == (
        "/commands/?show=moving"
    )
    assert fresh(refused).state == "queued"
    assert engineer.post(f"/commands/{waits.public_id}/dismiss/", {"back": "https://evil.example/"}).url == "/commands/"
    assert fresh(waits).state == "dismissed"
    assert "engineer@demo.example" in fresh(waits).reason
    engineer.post(f"/commands/{held.public_id}/take-back/")
    assert fresh(held).state == "dismissed"
    assert "It is taken back. Nothing was sent." in text(engineer.get("/commands/"))


def test_a_press_that_comes_too_late_says_why(engineer, post):
    command = put(wish(), "sending")
    answer = engineer.post(f"/commands/{command.public_id}/dismiss/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "It is being sent at this moment." in text(answer)
    assert 'role="alert"' in text(answer)
    done = put(wish("page:Q2"), "refused")
    answer = engineer.post(f"/commands/{done.public_id}/retry/", headers={"HX-Request": "true"})
    assert (answer.status_code, "It is sent now." in text(answer)) == (200, True)


def test_reading_never_writes(engineer, post):
    command = put(wish(), "refused")
    for press in ("retry", "dismiss", "take-back"):
        assert engineer.get(f"/commands/{command.public_id}/{press}/").status_code == 405
    assert fresh(command).state == "refused"


def test_the_list_costs_the_same_for_one_and_for_fifty(
    engineer, post, django_assert_num_queries, django_assert_max_num_queries
):
    wish()
    engineer.get("/commands/")
    with django_assert_max_num_queries(50) as once:
        engineer.get("/commands/")
    for number in range(49):
        wish(f"page:Q{number}", by=f"person{number}@demo.example")
    with django_assert_num_queries(len(once.captured_queries)):
        engineer.get("/commands/")


def test_the_live_list_is_the_pages_own_and_knows_its_audience(engineer, post):
    gov, ours = wish("page:Q1", klass="us_gov"), wish("page:Q2")
    source = CommandsSource()
    filters = queries.Filters.of({"show": "moving", "vendor": "pagerduty"})
    for cleared, seen in ((False, [ours]), (True, [ours, gov])):
        (part,) = source.render(filters.key, Audience("engineer", cleared), None)
        assert part.target == "commands"
        assert wire.encode(part)
        assert re.findall(r'<tr id="command-([a-z2-7]{12})"', part.html) == [one.public_id for one in seen]
        assert "csrf" not in part.html
    assert queries.Filters.of_key(filters.key) == filters
    assert queries.Filters.of_key("") == queries.Filters.of_key("x.y.z") == queries.Filters()
    assert f"commands:{filters.key}" in text(engineer.get("/commands/?show=moving&vendor=pagerduty"))
