"""What is owed, by whom, from when, by when, in which order."""

import pytest

from emergencies.policy.judge import judge
from emergencies.story import kinds as k
from tests.emergencies.telling import (
    PAGE,
    PAGE_2,
    TICKET,
    TICKET_2,
    acknowledged,
    changed,
    clock,
    created,
    customer,
    replied,
    resolved,
    rings,
    solved,
    story,
    told,
)

BEGUN = [created("16:20"), rings("16:20")]


def owed(*entries, now="18:00", account="global"):
    """Every owed act as `kind role opens due`."""
    acts = judge(story(*entries, account=account), clock(now)).owed
    time = lambda at: at.strftime("%H:%M") if at else "-"  # noqa: E731
    return [f"{act.kind} {act.role} {time(act.opens_at)} {time(act.due_at)}" for act in acts]


@pytest.mark.rule("PAGE-2", "PAGE-7", "PAGE-9")
@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([], ["acknowledge dispatch 16:20 16:22"], id="a ringing page: acknowledge at once"),
        pytest.param(
            [acknowledged("16:21")], ["first_public_reply dri 16:21 16:50"], id="acknowledged: write within 30 minutes"
        ),
        pytest.param(
            [acknowledged("16:21"), told(TICKET, k.InternalNote(), "16:22", "mira@demo.example")],
            ["first_public_reply dri 16:21 16:50"],
            id="an internal note is no contact",
        ),
        pytest.param(
            [acknowledged("16:21"), replied("16:25")],
            ["resolve_page dri 16:25 -"],
            id="contacted: the page may be resolved",
        ),
        pytest.param(
            [acknowledged("16:21"), resolved("16:22")],
            ["first_public_reply dri 16:21 16:50"],
            id="resolved, nobody wrote",
        ),
        pytest.param(
            [acknowledged("16:21"), replied("16:25"), resolved("16:26")], [], id="contacted and resolved: nothing"
        ),
        pytest.param(
            [acknowledged("16:21"), told(PAGE, k.PageUnacknowledged(), "16:51")],
            ["acknowledge dispatch 16:51 16:53", "first_public_reply dri 16:21 16:50"],
            id="rings again: both, the ring first",
        ),
        pytest.param(
            [replied("16:21"), acknowledged("16:25")], ["resolve_page dri 16:25 -"], id="wrote first, then acknowledged"
        ),
        pytest.param([solved("16:25")], ["acknowledge dispatch 16:20 16:22"], id="solved while it still rings"),
        pytest.param(
            [acknowledged("16:21"), changed("16:25", "priority", "normal")],
            [],
            id="no longer urgent: no reply owed here",
        ),
    ],
)
def test_owed(entries, expected):
    assert owed(*BEGUN, *entries) == expected


@pytest.mark.rule("PAGE-7", "PAGE-14")
def test_an_urgent_ticket_without_a_page_is_owed_a_reply_by_the_proposed_one():
    assert owed(created("16:20")) == ["first_public_reply proposed 16:20 16:50"]


@pytest.mark.rule("PAGE-7")
def test_replying_in_one_ticket_says_nothing_about_another():
    both = [*BEGUN, created("16:24", ticket=TICKET_2), acknowledged("16:21"), replied("16:25"), resolved("16:26")]
    assert owed(*both) == ["first_public_reply dri 16:21 16:50"]
    about = judge(story(*both), clock("18:00")).owed[0].about
    assert about.key == TICKET_2


@pytest.mark.rule("PAGE-9")
def test_resolving_outlives_the_end_and_contact_counts_for_the_pages_own_ticket():
    two = [*BEGUN, created("16:24", ticket=TICKET_2), rings("16:24", page=PAGE_2, tickets=(TICKET_2,))]
    two += [acknowledged("16:25"), acknowledged("16:25", page=PAGE_2), replied("16:30")]
    assert owed(*two) == ["first_public_reply dri 16:25 16:50", "resolve_page dri 16:30 -"]
    assert owed(*BEGUN, acknowledged("16:21"), replied("16:25"), solved("16:40")) == ["resolve_page dri 16:25 -"]


@pytest.mark.rule("GOV-5")
def test_nothing_of_ours_is_owed_while_it_is_deferred():
    ticket, who = "ticket:us_gov:77", "customer:us_gov:org-9"
    entries = [
        rings("04:00", tickets=(ticket,), portal="us_gov"),
        told(ticket, k.TicketCreated(priority="urgent", customer=who), "04:00"),
        told(who, k.CustomerRead(us_gov_support="12x5"), "04:00"),
    ]
    assert owed(*entries, account="us_gov") == []


@pytest.mark.rule("PAGE-2", "PAGE-7")
@pytest.mark.parametrize(
    ("now", "late"),
    [
        pytest.param("16:21:59", (), id="a second before: on time"),
        pytest.param("16:22:00", ("acknowledge",), id="the first second of lateness"),
    ],
)
def test_lateness(now, late):
    assert judge(story(*BEGUN), clock(now)).late == late


@pytest.mark.rule("PAGE-2", "PAGE-7")
def test_the_next_moment_is_strictly_later_and_something_differs_there():
    acknowledged_story = story(*BEGUN, acknowledged("16:21"))
    before = judge(acknowledged_story, clock("16:30"))
    assert before.changes_at == clock("16:50")
    after = judge(acknowledged_story, before.changes_at)
    assert (before.late, after.late) == ((), ("first_public_reply",))
    assert after.changes_at is None


@pytest.mark.rule("PAGE-9", "PAGE-7")
def test_the_next_step_is_the_first_act_that_is_open():
    judgement = judge(story(*BEGUN, acknowledged("16:21"), told(PAGE, k.PageUnacknowledged(), "16:51")), clock("16:52"))
    assert judgement.next_owed(clock("16:52")).kind == "acknowledge"


def test_words_of_the_customer_alone_owe_nothing_here():
    assert owed(*BEGUN, acknowledged("16:21"), replied("16:25"), resolved("16:26"), customer("16:30")) == []
