"""What belongs together, as a table: whoever comes last finds the others; what a person took apart stays apart."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergencies.policy.channels import channel_for
from emergencies.policy.tying import Member, Tie, decide, page_begins, page_names, ticket_begins, ticket_names
from emergencies.story.story import PageStory, TicketStory
from tests.emergencies.telling import PAGE, PAGE_2, TICKET, TICKET_2, clock

GOV_TICKET = "ticket:us_gov:77"
FIRST, SECOND = clock("16:20"), clock("16:30")


def page(key=PAGE, emergency="", began_at: datetime | None = None, **fields):
    fields = {"known": True, "begins": True, "account": "global"} | fields
    return Member(key=key, emergency=emergency, began_at=began_at, **fields)


def ticket(key=TICKET, emergency="", began_at: datetime | None = None, **fields):
    return page(key, emergency, began_at, **fields)


@pytest.mark.rule("PAGE-14", "CONC-6")
@pytest.mark.parametrize(
    ("subject", "others", "expected"),
    [
        pytest.param(page(), (), Tie(link=(PAGE,)), id="a page alone begins an emergency"),
        pytest.param(page(begins=False), (), None, id="a page made by hand begins nothing"),
        pytest.param(page(begins=False), (ticket(),), Tie(link=(PAGE, TICKET)), id="until a ticket is found"),
        pytest.param(
            page(),
            (ticket(known=False, begins=False),),
            Tie(link=(PAGE, TICKET)),
            id="a ticket that nobody has read yet",
        ),
        pytest.param(
            ticket(),
            (page(known=False, begins=False),),
            Tie(link=(TICKET,)),
            id="a page that nobody has read yet waits",
        ),
        pytest.param(
            page(), (ticket(emergency="a"),), Tie(emergency="a", link=(PAGE,)), id="into the ticket's emergency"
        ),
        pytest.param(page(emergency="a"), (ticket(emergency="a"),), None, id="together already"),
        pytest.param(
            page(emergency="a", began_at=SECOND),
            (ticket(emergency="b", began_at=FIRST),),
            Tie(emergency="b", join=("a",)),
            id="the younger emergency goes into the older",
        ),
        pytest.param(
            page(emergency="a", began_at=FIRST),
            (ticket(emergency="b", began_at=SECOND), page(PAGE_2)),
            Tie(emergency="a", link=(PAGE_2,), join=("b",)),
            id="and a second page along with it",
        ),
        pytest.param(
            page(emergency="a", began_at=FIRST),
            (ticket(emergency="b"),),
            Tie(emergency="a", join=("b",)),
            id="one whose beginning is not known counts as younger",
        ),
        pytest.param(
            page(parted=frozenset({"b"})), (ticket(emergency="b"),), Tie(link=(PAGE,)), id="taken out by hand: not back"
        ),
        pytest.param(
            page(emergency="a", parted=frozenset({"b"})),
            (ticket(emergency="b"),),
            None,
            id="taken out by hand: not joined",
        ),
        pytest.param(page(account="us_gov"), (ticket(),), Tie(link=(PAGE,)), id="never across the accounts"),
    ],
)
def test_tying(subject, others, expected):
    assert decide(subject, others) == expected


@given(st.permutations([page(emergency="a", began_at=SECOND), ticket(emergency="b", began_at=FIRST), page(PAGE_2)]))
def test_whoever_asks_the_same_older_emergency_stands(members):
    tie = decide(members[0], tuple(members[1:]))
    assert (tie.emergency, tie.link, tie.join) == ("b", (PAGE_2,), ("a",))


@pytest.mark.rule("PAGE-14")
def test_what_a_page_names():
    known = PageStory(key=PAGE, known=True, portal="global", tickets=(TICKET, GOV_TICKET), merged_into=PAGE_2)
    assert page_names(known) == {TICKET, PAGE_2}
    assert page_begins(known)
    unmapped = PageStory(key=PAGE, known=True, portal=None, tickets=(TICKET,))
    assert page_names(unmapped) == frozenset()
    assert not page_begins(PageStory(key=PAGE, known=True, by_hand=True))
    assert not page_begins(PageStory(key=PAGE))


@pytest.mark.rule("PAGE-14")
def test_what_a_ticket_names_and_when_it_is_an_emergency_by_itself():
    assert ticket_names(TicketStory(key=TICKET, pages=(PAGE,), merged_into=TICKET_2)) == {PAGE, TICKET_2}
    assert ticket_begins(TicketStory(key=TICKET, known=True, was_urgent=True, priority="high"))
    assert not ticket_begins(TicketStory(key=TICKET, known=True, priority="high"))
    assert not ticket_begins(TicketStory(key=TICKET, was_urgent=True))


@pytest.mark.rule("COMM-1")
@pytest.mark.parametrize(
    ("account", "product", "channel"),
    [
        ("global", "self_managed", "support_self-managed"),
        ("global", "dedicated", "support_self-managed"),
        ("global", "", "support_self-managed"),
        ("global", "gitlab_com", "support_gitlab-com"),
        ("global", "SaaS", "support_gitlab-com"),
        ("us_gov", "gitlab_com", "spt_us-government"),
        ("us_gov", "self_managed", "spt_us-government"),
    ],
)
def test_the_channel_of_an_emergency(account, product, channel):
    assert channel_for(account, product) == channel
