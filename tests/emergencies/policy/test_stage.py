"""Stage and end: the first line of the table that fits, and what takes an end back."""

import pytest

from emergencies.policy.judge import judge
from emergencies.story import kinds as k
from tests.emergencies.telling import (
    CUSTOMER,
    DANA,
    MIRA,
    PAGE,
    PAGE_2,
    PAUL,
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
ME = "emergency:k3v9aaaabbbb"


def stage_of(*entries, now="18:00", account="global"):
    judgement = judge(story(*entries, account=account), clock(now))
    return judgement.stage, judgement.ended


@pytest.mark.rule("PAGE-1", "PAGE-2", "PAGE-12")
@pytest.mark.parametrize(
    ("entries", "stage"),
    [
        pytest.param([], "ringing", id="a page rings"),
        pytest.param([acknowledged("16:21")], "reviewing", id="acknowledged, the ticket is under review"),
        pytest.param(
            [acknowledged("16:21"), resolved("16:22")], "reviewing", id="resolved is not the end of the trouble"
        ),
        pytest.param([acknowledged("16:21"), replied("16:25")], "waiting", id="our contact is the last word"),
        pytest.param(
            [acknowledged("16:21"), replied("16:25"), customer("16:26")],
            "working",
            id="the customer's word is the last",
        ),
        pytest.param(
            [acknowledged("16:21"), customer("16:22"), replied("16:25")],
            "waiting",
            id="words before contact change nothing",
        ),
        pytest.param(
            [acknowledged("16:21"), replied("16:25"), customer("16:26"), replied("16:27")],
            "waiting",
            id="and ours again",
        ),
        pytest.param(
            [acknowledged("16:21"), replied("16:25"), told(PAGE, k.PageUnacknowledged(), "16:51")],
            "ringing",
            id="the acknowledgement ran out",
        ),
        pytest.param(
            [acknowledged("16:21"), resolved("16:22"), told(PAGE, k.PageReopened(), "16:30")],
            "ringing",
            id="rings again",
        ),
        pytest.param([acknowledged("16:21"), replied("16:25", turn="ours")], "working", id="said to be our turn"),
    ],
)
def test_stage(entries, stage):
    assert stage_of(*BEGUN, *entries) == (stage, None)


@pytest.mark.rule("PAGE-1", "PAGE-14")
def test_an_urgent_ticket_without_a_page_rings_until_somebody_writes():
    assert stage_of(created("16:20")) == ("ringing", None)
    assert stage_of(created("16:20"), replied("16:30")) == ("waiting", None)
    assert stage_of(created("16:20", priority="normal")) == ("reviewing", None)


@pytest.mark.rule("DONE-1", "DONE-2")
@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([solved("17:00")], ("ending", "solved"), id="solved, the page still to be resolved"),
        pytest.param([resolved("16:30"), solved("17:00")], ("closed", "solved"), id="solved and nothing owed"),
        pytest.param(
            [resolved("16:30"), changed("17:00", "status", "solved")],
            ("closed", "solved"),
            id="told as a change of status",
        ),
        pytest.param(
            [resolved("16:30"), solved("17:00"), told(TICKET, k.TicketReopened(by_agent=True), "17:05", MIRA)],
            ("waiting", None),
            id="reopened by an agent",
        ),
        pytest.param(
            [
                resolved("16:30"),
                solved("17:00"),
                customer("17:05"),
                told(TICKET, k.TicketReopened(by_agent=False), "17:05", DANA),
            ],
            ("closed", "solved"),
            id="the customer's mail leaves the end",
        ),
        pytest.param(
            [resolved("16:30"), solved("17:00"), told(PAGE, k.PageReopened(), "17:05")],
            ("ringing", None),
            id="a ring takes it back",
        ),
        pytest.param(
            [resolved("16:30"), solved("17:00"), rings("17:05", page=PAGE_2), acknowledged("17:06", page=PAGE_2)],
            ("waiting", None),
            id="and it stays back once the ring is acknowledged",
        ),
        pytest.param(
            [resolved("16:30"), solved("17:00"), created("16:40", ticket=TICKET_2)],
            ("reviewing", None),
            id="another ticket is open",
        ),
    ],
)
def test_solved(entries, expected):
    contact = [acknowledged("16:21"), replied("16:25")]
    got = stage_of(*BEGUN, *contact, *entries)
    if expected == ("reviewing", None):  # the second ticket has no contact, the first one is solved
        assert got == ("reviewing", None)
    else:
        assert got == expected


@pytest.mark.rule("OPEN-2")
def test_merged_into_an_ordinary_ticket_ends_and_into_an_urgent_one_does_not():
    away = told(TICKET, k.TicketMerged(into=TICKET_2), "17:00", MIRA)
    begun = [*BEGUN, acknowledged("16:21"), replied("16:25"), resolved("16:26"), away]
    assert stage_of(*begun, created("10:00", ticket=TICKET_2, priority="normal")) == ("closed", "merged")
    assert stage_of(*begun, created("16:40", ticket=TICKET_2)) == ("reviewing", None)


@pytest.mark.rule("PAGE-14")
def test_a_page_without_a_ticket_that_a_person_dismissed_is_withdrawn_until_it_rings_or_a_ticket_comes():
    put_aside = told(ME, k.Dismissed(why="a test"), "16:40", MIRA)
    page = [rings("16:20", tickets=()), acknowledged("16:21"), resolved("16:30")]
    assert stage_of(*page, put_aside) == ("closed", "withdrawn")
    assert stage_of(*page, put_aside, told(PAGE, k.PageReopened(), "16:50")) == ("ringing", None)
    assert stage_of(*page, put_aside, created("16:50")) == ("reviewing", None)
    again = told(PAGE, k.PageReopened(), "16:50")
    assert stage_of(*page, put_aside, again, acknowledged("16:51")) == ("reviewing", None)


@pytest.mark.rule("PAGE-14")
def test_an_emergency_that_went_into_another_is_closed_whatever_its_pages_do():
    joined = told(ME, k.Joined(into="aaaabbbbcccc"), "16:40")
    assert stage_of(*BEGUN, joined) == ("closed", "joined")


@pytest.mark.rule("GOV-1", "GOV-5")
@pytest.mark.parametrize(
    ("made", "package", "entries", "stage"),
    [
        # 1 July: Pacific is UTC-7, so that [05:00, 17:00) is [12:00, 24:00) UTC
        pytest.param("2026-07-01 11:59:59", "12x5", [], "deferred", id="a second before the hours begin"),
        pytest.param("2026-07-01 12:00:00", "12x5", [], "ringing", id="the first second of the hours"),
        pytest.param("2026-07-01 23:59:59", "12x5", [], "ringing", id="the last second of the hours"),
        pytest.param("2026-07-02 00:00:00", "12x5", [], "deferred", id="17:00 sharp is off hours"),
        pytest.param("2026-01-02 00:30:00", "12x5", [], "ringing", id="in winter 16:30 Pacific, in hours"),
        pytest.param("2026-01-01 12:30:00", "12x5", [], "deferred", id="in winter 04:30 Pacific, off hours"),
        pytest.param("2026-07-04 15:00:00", "12x5", [], "ringing", id="holidays and weekends are worked"),
        pytest.param("2026-07-01 11:00:00", "24x7", [], "ringing", id="24x7 rings at any time"),
        pytest.param("2026-07-01 11:00:00", "", [], "ringing", id="a package not known is treated as 24x7"),
    ],
)
def test_off_hours(made, package, entries, stage):
    ticket, customer = "ticket:us_gov:77", "customer:us_gov:org-9"
    facts = [
        rings(made, tickets=(ticket,), portal="us_gov"),
        told(ticket, k.TicketCreated(priority="urgent", customer=customer), made, DANA),
        told(customer, k.CustomerRead(name="Bureau of Tides", us_gov_support=package), made),
    ]
    assert stage_of(*facts, *entries, now="2026-07-03 10:00", account="us_gov") == (stage, None)


@pytest.mark.rule("GOV-5", "GOV-6")
def test_somebody_who_helps_all_the_same_takes_it_out_of_deferred():
    made, ticket, customer = "2026-07-01 11:00:00", "ticket:us_gov:77", "customer:us_gov:org-9"
    facts = [
        rings(made, tickets=(ticket,), portal="us_gov"),
        told(ticket, k.TicketCreated(priority="urgent", customer=customer), made, DANA),
        told(customer, k.CustomerRead(us_gov_support="12x5"), made),
    ]
    assert stage_of(*facts, account="us_gov") == ("deferred", None)
    assert stage_of(*facts, acknowledged("2026-07-01 11:10"), account="us_gov") == ("reviewing", None)
    assert stage_of(*facts, account="us_gov", now="2026-07-02 11:00") == ("deferred", None)


@pytest.mark.rule("PAGE-7")
def test_a_public_comment_of_the_csm_or_a_bot_is_no_contact():
    csm = told(CUSTOMER, k.CustomerRead(name="Northwind", csm=PAUL), "16:19")
    assert stage_of(*BEGUN, csm, acknowledged("16:21"), replied("16:25", by=PAUL)) == ("reviewing", None)
    assert stage_of(*BEGUN, acknowledged("16:21"), replied("16:25", by="bot@demo.example", ours=False)) == (
        "reviewing",
        None,
    )
    note = told(TICKET, k.InternalNote(), "16:25", MIRA)
    assert stage_of(*BEGUN, acknowledged("16:21"), note) == ("reviewing", None)


@pytest.mark.rule("PAGE-12")
def test_messages_that_cross_leave_the_customers_word_unanswered():
    crossing = replied("16:27", begun_at=clock("16:25:30"))
    word = customer("16:26", seen="16:26:05")
    assert stage_of(*BEGUN, acknowledged("16:21"), replied("16:25"), word, crossing) == ("working", None)
    after = replied("16:28", begun_at=clock("16:26:05"))
    assert stage_of(*BEGUN, acknowledged("16:21"), replied("16:25"), word, crossing, after) == ("waiting", None)


@pytest.mark.rule("PAGE-12")
def test_an_automatic_reply_of_the_customer_is_no_word_of_theirs():
    away = customer("16:26")
    said = told(ME, k.SaidAutomatic(entry=away.id), "16:27", MIRA)
    assert stage_of(*BEGUN, acknowledged("16:21"), replied("16:25"), away, said) == ("waiting", None)
    taken_back = told(ME, k.Retracted(entry=said.id), "16:28", MIRA)
    assert stage_of(*BEGUN, acknowledged("16:21"), replied("16:25"), away, said, taken_back) == ("working", None)
