"""Whatever the order, the batches and the repetitions in which facts reach `record`: one emergency, one story."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from emergencies import actions, models
from emergencies.story import kinds as k
from emergencies.timeline.read import story_of
from emergencies.timeline.record import record
from tests.emergencies.saying import acknowledged, created, customer, organisation, replied, resolved, rings, seen
from tests.emergencies.telling import MIRA, PAGE, PAGE_2, THEO, TICKET, TICKET_2, clock

pytestmark = pytest.mark.django_db
NOW = clock("18:00")
in_the_database = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

FACTS = [
    rings("16:20", tickets=()),
    created("16:20", pages=(PAGE,)),
    organisation(),
    acknowledged("16:21"),
    acknowledged("16:21", messenger="webhook"),
    rings("16:24", page=PAGE_2),
    replied("16:25"),
    customer("16:26"),
    acknowledged("16:27", by=THEO, page=PAGE_2),
    created("16:28", ticket=TICKET_2, priority="normal", pages=(PAGE_2,)),
    seen(TICKET, k.TicketMerged(into=TICKET_2), "16:40", MIRA),
    resolved("16:41"),
]


def the_story():
    """The story of the one emergency that did not go into another, ids aside."""
    emergency = models.Emergency.objects.get(joined_into="")
    return replace(story_of(emergency), id="")


def told(batches):
    for batch in batches:
        record(sightings=batch, now=NOW)


@st.composite
def batches(draw):
    """All facts in any order, some twice, in batches of one to four."""
    facts = draw(st.permutations(FACTS + draw(st.lists(st.sampled_from(FACTS), max_size=4))))
    cuts = []
    while facts:
        size = draw(st.integers(1, 4))
        cuts.append(facts[:size])
        facts = facts[size:]
    return cuts


@pytest.mark.rule("PAGE-14")
@in_the_database
@given(batches())
def test_any_order_and_repetition_is_one_emergency_with_one_story(arriving):
    with transaction.atomic():
        with transaction.atomic():
            told([FACTS])
            expected = the_story()
            transaction.set_rollback(True)
        told(arriving)
        assert the_story() == expected
        call_command("project", "--check", stdout=StringIO())
        transaction.set_rollback(True)


@pytest.mark.rule("PAGE-14")
@in_the_database
@given(st.data())
def test_unlinking_and_linking_again_leaves_both_stories_right(viewer_of_role, data):
    engineer = viewer_of_role("engineer")
    facts = [fact for fact in FACTS if fact.subject.key in {PAGE, TICKET, PAGE_2} and fact.fact.kind != "ticket_merged"]
    cut = data.draw(st.integers(3, len(facts)))
    facts = [facts[0], facts[1], facts[4], *facts[2:4], *facts[5:]]
    with transaction.atomic():
        told([facts[:cut]])
        home = models.Emergency.objects.get(joined_into="")
        subject = data.draw(st.sampled_from([PAGE, PAGE_2]))
        actions.unlink(emergency=home, by=engineer, now=NOW, subject=subject)
        told([facts[cut:]])
        apart = models.Emergency.objects.exclude(pk=home.pk).get(joined_into="")
        assert list(story_of(apart).pages) == [subject]
        assert subject not in story_of(home).pages
        assert {*story_of(home).pages, *story_of(apart).pages} == {PAGE, PAGE_2}
        call_command("project", "--check", stdout=StringIO())
        actions.link(emergency=home, by=engineer, now=clock("18:05"), subject=subject)
        whole = the_story()
        assert (set(whole.pages), set(whole.tickets)) == ({PAGE, PAGE_2}, {TICKET})
        assert (whole.pages[PAGE].status, whole.pages[PAGE_2].status) == ("resolved", "acknowledged")
        call_command("project", "--check", stdout=StringIO())
        transaction.set_rollback(True)
