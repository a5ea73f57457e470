"""Webhook, log and answer of the same acts, in any mixture, order and repetition: the same story (architecture.md
2b)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TransactionTestCase

from emergencies.models import Emergency, Link
from emergencies.story.entries import Entry, Sighting
from emergencies.story.fold import fold
from emergencies.story.settle import settle
from emergencies.timeline.drafts import Seen
from emergencies.timeline.empty import empty
from emergencies.timeline.read import story_of
from emergencies.timeline.record import record
from tests.emergencies.ingest import acts
from tests.emergencies.ingest.acts import Act

GAPS = st.integers(min_value=40, max_value=9_000)
"""Milliseconds between two acts: several within one second, and minutes of silence."""

PAGE_ACTS = st.lists(
    st.tuples(st.sampled_from(sorted(acts.LOG)), st.sampled_from(["PMIRA01", "PTHEO01"]), GAPS), max_size=9
)
TICKET_ACTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["public", "internal"]), st.sampled_from(["9001", "9002"]), GAPS, st.just("Hello")),
        st.tuples(st.just("public"), st.just("7001"), GAPS, st.just("Any news?")),
        st.tuples(st.just("status"), st.just("9001"), GAPS, st.sampled_from(["open", "pending", "solved"])),
        st.tuples(st.just("priority"), st.just("9001"), GAPS, st.sampled_from(["high", "urgent"])),
        st.tuples(st.just("assignee_id"), st.just("9002"), GAPS, st.sampled_from(["9001", "9002"])),
        st.tuples(st.just("tags"), st.just("9001"), GAPS, st.sampled_from(["a", "b"])),
    ),
    max_size=9,
)


def done(raw) -> list[Act]:
    """The acts one after the other."""
    after, made = 500, []
    for kind, by, gap, *value in raw:
        after += gap
        made.append(Act(kind, by, after, *value))
    return made


def sightings(told: list[Seen]) -> list[Sighting]:
    fields = ("key", "messenger", "fact", "at", "source", "actor", "same")
    seen_at = acts.BEGAN + timedelta(days=1)
    return [
        Sighting(subject=one.subject.key, seen_at=seen_at, **{field: getattr(one, field) for field in fields})
        for one in told
    ]


def entries(told: list[Seen]) -> list[Entry]:
    return settle(sightings(told))


def mixed(data, told: list[Seen]) -> list[Seen]:
    """In any order, and some of it several times."""
    again = data.draw(st.lists(st.sampled_from(told), max_size=8)) if told else []
    return data.draw(st.permutations([*told, *again]))


def some_of(data, told: list[Seen]) -> list[Seen]:
    return [one for one in told if data.draw(st.booleans())]


@given(raw=PAGE_ACTS, data=st.data())
@settings(max_examples=200, deadline=None)
def test_with_the_log_read_nothing_else_adds_to_a_page(raw, data):
    happened = done(raw)
    log = acts.log_of(happened)
    others = some_of(data, acts.hooks_of(happened)) + some_of(data, acts.answers_of(happened))
    assert entries(mixed(data, log + others)) == entries(log)


@given(raw=TICKET_ACTS, data=st.data())
@settings(max_examples=200, deadline=None)
def test_with_the_audits_read_nothing_else_adds_to_a_ticket(raw, data):
    happened = done(raw)
    log = acts.audits_of(happened)
    others = some_of(data, acts.ticket_hooks_of(happened)) + some_of(data, acts.ticket_answers_of(happened))
    assert entries(mixed(data, log + others)) == entries(log)


@given(raw=PAGE_ACTS, ticket=TICKET_ACTS, data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_order_and_repetition_of_the_same_sightings_gives_the_same_story(raw, ticket, data):
    page_acts, ticket_acts = done(raw), done(ticket)
    page = some_of(data, acts.log_of(page_acts) + acts.hooks_of(page_acts) + acts.answers_of(page_acts))
    other = some_of(data, acts.audits_of(ticket_acts) + acts.ticket_hooks_of(ticket_acts))
    once = entries(page) + entries(other)
    again = entries(mixed(data, page)) + entries(mixed(data, other))
    assert again == once
    assert fold("e", data.draw(st.permutations(again)), "global") == fold("e", once, "global")


@given(raw=PAGE_ACTS)
@settings(max_examples=100, deadline=None)
def test_webhooks_alone_tell_what_the_log_tells(raw):
    """Apart from fractions of a second. Acts so near each other that a webhook could be either are one, told by it
    alone."""
    far = [(kind, by, gap + 2_500) for kind, by, gap in raw]
    happened = done(far)
    by_hook, by_log = entries(acts.hooks_of(happened)), entries(acts.log_of(happened))
    assert [(e.fact.kind, e.actor) for e in by_hook] == [(e.fact.kind, e.actor) for e in by_log]


@given(raw=TICKET_ACTS)
@settings(max_examples=100, deadline=None)
def test_zendesks_webhooks_alone_tell_what_its_audits_tell(raw):
    far = [(kind, by, gap + 2_500, value) for kind, by, gap, value in raw]
    happened = done(far)
    by_hook, by_log = entries(acts.ticket_hooks_of(happened)), entries(acts.audits_of(happened))
    assert [(e.fact, e.actor) for e in by_hook] == [(e.fact, e.actor) for e in by_log]


def test_the_log_keeps_its_order_within_one_second():
    happened = [Act(kind, "PMIRA01", 700 + 40 * n) for n, kind in enumerate(["acknowledged", "resolved", "reopened"])]
    told = entries(acts.log_of(happened))
    assert [e.fact.kind for e in told] == ["page_triggered", "page_acknowledged", "page_resolved", "page_reopened"]
    assert fold("e", told, "global").pages["page:Q2K7"].status == "triggered"


@pytest.mark.django_db(transaction=True)
class TestRecorded(TransactionTestCase):
    """The same through the one door, in the database."""

    @given(raw=PAGE_ACTS, ticket=TICKET_ACTS, data=st.data())
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    def test_any_mixture_recorded_in_any_portions_is_the_same_story(self, raw, ticket, data):
        page_acts, ticket_acts = done(raw), done(ticket)
        log = acts.log_of(page_acts) + acts.audits_of(ticket_acts)
        others = acts.hooks_of(page_acts) + acts.answers_of(page_acts) + acts.ticket_hooks_of(ticket_acts)
        now = acts.BEGAN + timedelta(days=1)
        record(sightings=log, now=now)
        first = story_of(Emergency.objects.get(links=Link.objects.get(subject__key="page:Q2K7")))
        empty()
        told = mixed(data, log + others)
        while told:
            portion = data.draw(st.integers(min_value=1, max_value=len(told)))
            record(sightings=told[:portion], now=now)
            told = told[portion:]
        second = story_of(Emergency.objects.get(links=Link.objects.get(subject__key="page:Q2K7")))
        empty()
        assert second == first
