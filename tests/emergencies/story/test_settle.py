"""One fact, several messengers: any order, repetition and mixture settles into the same story."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergencies.policy.judge import judge
from emergencies.story import kinds as k
from emergencies.story.entries import Sighting
from emergencies.story.fold import fold
from emergencies.story.settle import settle
from tests.emergencies.telling import CUSTOMER, DANA, MIRA, PAGE, THEO, TICKET, clock

SECOND = timedelta(seconds=1)


def sighting(fact, at, by="", messenger="log", subject=PAGE, *, same="", seen=None, n=0):
    moment = clock(at) if isinstance(at, str) else at
    return Sighting(
        subject=subject,
        key=f"{messenger}-{fact.kind}-{moment.isoformat()}-{by}-{same}-{n}",
        messenger=messenger,
        fact=fact,
        at=moment,
        seen_at=seen or moment,
        source="pagerduty" if subject == PAGE else "zendesk",
        actor=by,
        same=same,
    )


def kinds_of(*sightings):
    return [(entry.fact.kind, entry.told_by) for entry in settle(sightings)]


ACK = k.PageAcknowledged()


@pytest.mark.parametrize(
    ("sightings", "expected"),
    [
        pytest.param(
            [sighting(ACK, "16:21:00.4", MIRA, "webhook"), sighting(ACK, "16:21:00", MIRA)],
            [("page_acknowledged", "log")],
            id="a webhook is its line of the log",
        ),
        pytest.param(
            [sighting(ACK, "16:21:02", MIRA, "webhook"), sighting(ACK, "16:21:00", MIRA)],
            [("page_acknowledged", "log")],
            id="two seconds apart: still",
        ),
        pytest.param(
            [sighting(ACK, "16:21:02.001", MIRA, "webhook"), sighting(ACK, "16:21:00", MIRA)],
            [("page_acknowledged", "log"), ("page_acknowledged", "webhook")],
            id="more than two seconds: another act",
        ),
        pytest.param(
            [sighting(ACK, "16:21:00", THEO, "webhook"), sighting(ACK, "16:21:00", MIRA)],
            [("page_acknowledged", "log"), ("page_acknowledged", "webhook")],
            id="by another person: another act",
        ),
        pytest.param(
            [sighting(ACK, "16:21:00", MIRA, "answer"), sighting(ACK, "16:21:01", MIRA, "webhook")],
            [("page_acknowledged", "answer")],
            id="answer and webhook stand for one until the log is read",
        ),
        pytest.param(
            [sighting(ACK, "16:21:00", MIRA), sighting(ACK, "16:21:01", MIRA)],
            [("page_acknowledged", "log"), ("page_acknowledged", "log")],
            id="each line of the log is an act",
        ),
        pytest.param(
            [
                sighting(k.TicketChanged(field="status", to="open"), "16:21", MIRA, subject=TICKET),
                sighting(k.TicketChanged(field="priority", to="high"), "16:21", MIRA, "webhook", subject=TICKET),
            ],
            [("ticket_changed", "log"), ("ticket_changed", "webhook")],
            id="two fields are two changes",
        ),
        pytest.param(
            [
                sighting(k.PublicReply(comment="9"), "16:21", MIRA, "webhook", subject=TICKET, same="comment:9"),
                sighting(k.PublicReply(comment="9"), "16:29", MIRA, subject=TICKET, same="comment:9"),
            ],
            [("public_reply", "log")],
            id="a comment's id is the same on all ways, whatever the clocks say",
        ),
    ],
)
def test_settling(sightings, expected):
    assert sorted(kinds_of(*sightings)) == expected
    assert sorted(kinds_of(*reversed(sightings))) == expected


def test_a_fact_is_known_since_the_first_messenger_told_it():
    early, late = clock("16:21:01"), clock("16:40")
    entries = settle([sighting(ACK, "16:21", MIRA, seen=late), sighting(ACK, "16:21", MIRA, "webhook", seen=early)])
    assert [(entry.told_by, entry.seen_at) for entry in entries] == [("log", early)]


# An evening's facts: what happened, whoever tells of it.
FACTS = [
    (PAGE, k.PageTriggered(tickets=(TICKET,), portal="global"), 0, "", ""),
    (TICKET, k.TicketCreated(priority="urgent", customer=CUSTOMER), 0, DANA, ""),
    (PAGE, k.PageAcknowledged(), 60, MIRA, ""),
    (TICKET, k.CustomerReply(comment="1"), 90, DANA, "comment:1"),
    (TICKET, k.PublicReply(comment="2"), 300, MIRA, "comment:2"),
    (PAGE, k.PageResolved(), 330, MIRA, ""),
    (TICKET, k.TicketChanged(field="status", to="pending"), 300, MIRA, ""),
    (TICKET, k.CustomerReply(comment="3"), 600, DANA, "comment:3"),
    (TICKET, k.TicketChanged(field="status", to="open"), 601, DANA, ""),
    (PAGE, k.PageReopened(), 900, THEO, ""),
    (PAGE, k.PageAcknowledged(), 960, THEO, ""),
    (TICKET, k.InternalNote(comment="4"), 1000, THEO, "comment:4"),
    (TICKET, k.PublicReply(comment="5"), 1100, THEO, "comment:5"),
    (TICKET, k.TicketSolved(), 2000, THEO, ""),
    (PAGE, k.PageResolved(), 2010, THEO, ""),
]
BEGAN = clock("16:20")


@st.composite
def tellings(draw):
    """Each fact told by at least one messenger, some by several, some twice, in any order, dated alike within a
    second."""
    told = []
    for subject, fact, offset, by, same in FACTS:
        for messenger in draw(
            st.lists(st.sampled_from(["log", "answer", "webhook"]), min_size=1, max_size=3, unique=True)
        ):
            at = BEGAN + offset * SECOND
            one = sighting(fact, at, by, messenger, subject=subject, same=same, seen=clock("18:00"))
            told += [one] * draw(st.integers(1, 2))
    return draw(st.permutations(told))


def told_story(sightings):
    entries = [
        e for subject in {s.subject for s in sightings} for e in settle(s for s in sightings if s.subject == subject)
    ]
    return fold("k3v9aaaabbbb", entries, "global")


@given(tellings())
def test_any_order_repetition_and_mixture_of_messengers_tells_the_same_story(sightings):
    plain = [
        sighting(fact, BEGAN + n * SECOND, by, "log", s, same=same, seen=clock("18:00"))
        for s, fact, n, by, same in FACTS
    ]
    story, expected = told_story(sightings), told_story(plain)
    assert story == expected
    assert judge(story, clock("19:00")) == judge(expected, clock("19:00"))


@given(tellings(), st.integers(0, 2100))
def test_a_fold_until_a_time_sees_nothing_later(sightings, seconds):
    until = BEGAN + seconds * SECOND
    entries = [e for subject in (PAGE, TICKET) for e in settle(s for s in sightings if s.subject == subject)]
    earlier = [entry for entry in entries if entry.judged_at < until]
    assert fold("k3v9aaaabbbb", entries, "global", until) == fold("k3v9aaaabbbb", earlier, "global")


@given(tellings(), st.data())
def test_the_next_moment_is_the_first_at_which_the_judgement_differs(sightings, data):
    until = BEGAN + data.draw(st.integers(1, 2100)) * SECOND
    entries = [e for subject in (PAGE, TICKET) for e in settle(s for s in sightings if s.subject == subject)]
    story = fold("k3v9aaaabbbb", entries, "global", until)
    judgement = judge(story, until)
    if judgement.changes_at is None:
        assert _shown(judge(story, until + timedelta(days=9))) == _shown(judgement)
        return
    assert judgement.changes_at > until
    just_before = judge(story, judgement.changes_at - timedelta(microseconds=1))
    assert _shown(just_before) == _shown(judgement)
    assert _shown(judge(story, judgement.changes_at)) != _shown(judgement)


def _shown(judgement):
    return judgement.stage, judgement.ended, judgement.owed, judgement.late, judgement.warnings
