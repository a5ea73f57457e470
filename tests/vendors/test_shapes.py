"""Parsers of the vendors' JSON: whatever comes in, a struct or Unreadable comes out, and no error quotes a value."""

from __future__ import annotations

import contextlib
import copy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceoc.vendors import pagerduty_shapes, parsing, slack_shapes, zendesk_audits, zendesk_events, zendesk_shapes
from ceoc.vendors.errors import Unreadable

INCIDENT = {
    "id": "Q2K7", "type": "incident", "incident_number": 7, "title": "Northwind", "status": "acknowledged",
    "created_at": "2026-07-14T16:00:00Z", "resolved_at": None, "priority": None,
    "service": {"id": "S1", "type": "service_reference", "summary": "Customer Support"},
    "escalation_policy": {"id": "E1", "summary": "Customer Emergencies AMER"},
    "assignments": [{"at": "2026-07-14T16:00:01Z", "assignee": {"id": "U1", "type": "user_reference"}}],
    "acknowledgements": [{"at": "2026-07-14T16:02:00+02:00", "acknowledger": {"id": "U1", "type": "user_reference"}}],
    "last_status_change_by": {"id": "U1", "type": "user_reference"},
    "resolve_reason": {"type": "merge_resolve_reason", "incident": {"id": "Q9"}},
    "first_trigger_log_entry": {"channel": {"type": "web", "details": {"ticket": "https://desk/tickets/5", "n": 5}}},
    "html_url": "https://x/Q2K7",
}  # fmt: skip
LOG = {
    "id": "R1", "type": "snooze_log_entry", "created_at": "2026-07-14T16:00:00.250Z", "incident": {"id": "Q2K7"},
    "agent": {"id": "U1", "type": "user_reference", "summary": "Mira"}, "channel": {"type": "website"},
    "changed_actions": [{"type": "unacknowledge", "at": "2026-07-14T18:00:00Z"}],
}  # fmt: skip
HOOK = {"event": {"id": "01B", "event_type": "incident.acknowledged", "occurred_at": "2026-07-14T16:02:00Z",
                  "agent": {"id": "U1", "type": "user_reference"}, "data": INCIDENT}}  # fmt: skip
AUDIT = {
    "id": 9, "ticket_id": 5, "author_id": -1, "created_at": "2026-07-14T16:00:00Z",
    "via": {"channel": "web", "source": {"from": {"ticket_ids": [3, 4]}, "rel": "merge"}},
    "metadata": {"custom": {"ceoc_command": "k3v9", "ceoc_by": "Mira@demo.example"}},
    "events": [
        {"id": 1, "type": "Change", "field_name": "tags", "value": ["a", "b"], "previous_value": ["a"]},
        {"id": 2, "type": "Comment", "body": "hi", "author_id": 7, "attachments": [{"file_name": "a.log"}]},
        {"id": 3, "type": "AgentMacroReference", "macro_id": "55", "macro_title": "General"},
        {"id": 4, "type": "NobodyKnows", "value": {"odd": [1]}},
    ],
}  # fmt: skip
TICKET = {
    "id": 5, "subject": "s", "status": "OPEN", "priority": None, "ticket_form_id": 4, "tags": ["a"],
    "custom_fields": [{"id": 1, "value": "frt"}, {"id": 2, "value": None}, {"id": 3, "value": ["x", True]}],
    "via": {"channel": "web", "source": {"from": {"ticket_id": 3}, "rel": "follow_up"}},
}  # fmt: skip
EVENT = {"type": "zen:event-type:ticket.comment_added", "id": "e1", "time": "2026-07-14T16:00:00.123456789Z",
         "subject": "zen:ticket:5", "detail": {**TICKET, "id": "5", "actor_id": "7"},
         "event": {"comment": {"id": "11", "is_public": True, "body": "hi", "author": {"id": "7"}}}}  # fmt: skip
MESSAGE = {"type": "message", "ts": "1716900000.000200", "text": "<https://desk/5|it>", "user": "U1", "channel": "C01",
           "metadata": {"event_type": "ceoc_command", "event_payload": {"command": "k3v9"}}}  # fmt: skip
SLACK = {"event_id": "Ev1", "event": {**MESSAGE, "event_ts": "1716900000.000200"}}

PARSERS = {
    "page": (lambda raw: pagerduty_shapes.page(raw, {}), INCIDENT),
    "log": (lambda raw: pagerduty_shapes.log_entry(raw, {}), LOG),
    "hook": (lambda raw: pagerduty_shapes.event(raw, {}), HOOK),
    "note": (lambda raw: pagerduty_shapes.note(raw, {}), {"id": "N1", "content": "x", "user": {"id": "U1"}}),
    "audit": (zendesk_audits.audit, AUDIT),
    "ticket": (
        lambda raw: zendesk_shapes.ticket(raw, {"4": "Emergencies"}, {"1": "Ticket Stage"}, "https://d"),
        TICKET,
    ),
    "zendesk event": (zendesk_events.event, EVENT),
    "user": (zendesk_shapes.user, {"id": 7, "email": "M@x", "role": "agent"}),
    "organization": (zendesk_shapes.organization, {"id": 1, "organization_fields": {"seats": 5, "on": True}}),
    "message": (lambda raw: slack_shapes.message(raw, "C01"), MESSAGE),
    "slack event": (slack_shapes.event, SLACK),
    "slack user": (slack_shapes.user, {"id": "U1", "profile": {"email": "M@x", "real_name": "Mira"}}),
}

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value, path=()):
    """Every place inside a JSON value."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from places(inner, (*path, key))


def put(value, path, other):
    changed = copy.deepcopy(value)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = other
    return changed


@pytest.mark.parametrize("name", PARSERS)
def test_the_example_is_read(name):
    parse, example = PARSERS[name]
    assert parse(example)


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_anything_else_is_read_or_unreadable(name, data):
    parse, example = PARSERS[name]
    odd = data.draw(ANY)
    changed = put(example, data.draw(st.sampled_from(list(places(example)))), odd)
    with contextlib.suppress(Unreadable):
        parse(changed)


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("raw", [{}, {"id": None}, {"event": None}, {"event": []}, {"event": {"data": 5}}])
def test_what_is_missing_is_named_not_guessed(name, raw):
    parse, _ = PARSERS[name]
    with pytest.raises(Unreadable, match=r"^The answer has no .+ at .+\.$"):
        parse(raw)


def test_an_error_quotes_no_value():
    with pytest.raises(Unreadable) as error:
        pagerduty_shapes.page({**INCIDENT, "created_at": "a customer's secret"}, {})
    assert str(error.value) == "The answer has no time at created_at."


def test_a_page():
    page = pagerduty_shapes.page(INCIDENT, {"U1": "mira@demo.example"})
    assert (page.number, page.service, page.policy) == (7, "Customer Support", "Customer Emergencies AMER")
    assert page.acknowledgements[0].at == datetime(2026, 7, 14, 14, 2, tzinfo=UTC)
    assert page.acknowledgements[0].by.email == page.assigned[0].email == page.changed_by.email == "mira@demo.example"
    assert page.merged_into == "Q9"
    assert page.body == "https://desk/tickets/5\nn: 5"
    assert page.assigned[0].is_person


def test_a_snooze_says_until_when():
    entry = pagerduty_shapes.log_entry(LOG, {})
    assert (entry.kind, entry.until) == ("snooze", datetime(2026, 7, 14, 18, 0, tzinfo=UTC))


def test_an_audit():
    audit = zendesk_audits.audit(AUDIT)
    assert (audit.command, audit.command_by, audit.via.tickets) == ("k3v9", "mira@demo.example", ("3", "4"))
    tags, comment, macro, odd = audit.events
    assert (tags.values, tags.previous_values, tags.value) == (("a", "b"), ("a",), "a b")
    assert (comment.comment.at, comment.comment.author_id, comment.comment.attachments) == (audit.at, "7", ("a.log",))
    assert (macro.macro, odd.kind) == ("General", "NobodyKnows")


def test_a_ticket():
    ticket = PARSERS["ticket"][0](TICKET)
    assert (ticket.status, ticket.priority, ticket.form, ticket.follows) == ("open", "", "Emergencies", "3")
    assert ticket.fields == {"Ticket Stage": "frt"}
    assert ticket.field_values == {"1": "frt", "2": "", "3": "x true"}
    assert ticket.url == "https://d/agent/tickets/5"


@pytest.mark.parametrize(
    ("via", "automatic"),
    [
        ({"channel": "rule"}, True),
        ({"channel": "system"}, True),
        ({"channel": "system", "source": {"rel": "merge"}}, False),
        ({"channel": "web"}, False),
        (None, False),
    ],
)
def test_what_a_trigger_did_is_automatic(via, automatic):
    assert zendesk_shapes.via(via).automatic is automatic


def test_a_message():
    message = slack_shapes.message(MESSAGE, "")
    assert (message.command, message.urls, message.root) == ("k3v9", ("https://desk/5",), "1716900000.000200")
    assert slack_shapes.message({**MESSAGE, "metadata": {"event_type": "theirs"}}, "").command == ""


def test_free_form_details_are_searched_to_a_depth():
    deep = "bottom"
    for _ in range(40):
        deep = {"in": deep}
    assert parsing.strings(deep) == ()
    assert parsing.strings({"a": ["x", {"b": 5}], "c": None, "d": True}) == ("x", "b: 5")


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object(body):
    with pytest.raises(Unreadable):
        parsing.load(body)
