"""What is shown beside an emergency, and when it goes."""

import pytest

from emergencies.policy.judge import judge
from emergencies.story import kinds as k
from tests.emergencies.telling import (
    MIRA,
    PAGE,
    PAGE_2,
    TICKET,
    TICKET_2,
    acknowledged,
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


def warned(*entries, now="18:00"):
    return [warning.kind for warning in judge(story(*entries), clock(now)).warnings]


@pytest.mark.rule("PAGE-9")
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("16:22:29", [], id="clocks may differ by half a minute"),
        pytest.param("16:22:30", ["resolved_before_contact"], id="then it is said"),
    ],
)
def test_resolved_and_nobody_wrote(now, expected):
    assert warned(*BEGUN, acknowledged("16:21"), resolved("16:22"), now=now) == expected


@pytest.mark.rule("PAGE-9")
def test_it_goes_when_somebody_writes_and_a_merge_is_no_resolve():
    assert warned(*BEGUN, acknowledged("16:21"), resolved("16:22"), replied("16:40")) == []
    away = told(PAGE, k.PageMerged(into=PAGE_2), "16:22", MIRA)
    assert warned(*BEGUN, rings("16:21", page=PAGE_2), acknowledged("16:23", page=PAGE_2), away) == ["merged"]


@pytest.mark.rule("PAGE-9")
def test_the_half_minute_is_a_next_moment():
    judgement = judge(story(*BEGUN, acknowledged("16:21"), resolved("16:22")), clock("16:22:10"))
    assert judgement.changes_at == clock("16:22:30")


@pytest.mark.rule("PAGE-7")
def test_an_internal_note_alone_is_said_to_be_no_contact():
    note = told(TICKET, k.InternalNote(), "16:25", MIRA)
    assert warned(*BEGUN, acknowledged("16:21"), note) == ["internal_note_is_no_contact"]
    assert warned(*BEGUN, acknowledged("16:21"), note, replied("16:30")) == []


@pytest.mark.rule("DONE-2")
def test_a_reply_after_it_was_solved_is_said():
    done = [*BEGUN, acknowledged("16:21"), replied("16:25"), resolved("16:26"), solved("17:00")]
    assert warned(*done) == []
    assert warned(*done, customer("17:10")) == ["reply_after_solved"]


@pytest.mark.rule("PAGE-14")
@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([rings("16:20", tickets=())], ["no_ticket"], id="a page without a ticket"),
        pytest.param([created("16:20")], ["no_page"], id="a ticket without a page"),
        pytest.param([*BEGUN, rings("16:22", page=PAGE_2)], ["two_pages_one_ticket"], id="two pages for one ticket"),
        pytest.param(
            [*BEGUN, created("16:21", ticket=TICKET_2), told(TICKET, k.TicketMerged(into=TICKET_2), "16:22", MIRA)],
            ["merged"],
            id="a merged ticket",
        ),
        pytest.param(BEGUN, [], id="page and ticket"),
    ],
)
def test_what_does_not_match_is_shown(entries, expected):
    assert warned(*entries) == expected


@pytest.mark.rule("PAGE-1", "PAGE-2")
def test_a_page_that_rings_again_and_one_whose_chain_is_exhausted():
    assert warned(*BEGUN, acknowledged("16:21"), told(PAGE, k.PageUnacknowledged(), "16:51")) == ["rings_again"]
    assert warned(*BEGUN, told(PAGE, k.PageExhausted(), "16:51")) == ["page_exhausted"]
    assert warned(*BEGUN, told(PAGE, k.PageExhausted(), "16:51"), acknowledged("16:52")) == []


def test_a_vendor_whose_clock_runs_ahead_is_judged_by_ours():
    early = told(PAGE, k.PageAcknowledged(), "16:30", MIRA, seen="16:21")
    judgement = judge(story(*BEGUN, early), clock("16:22"))
    assert [warning.kind for warning in judgement.warnings] == ["vendor_clock"]
    assert story(*BEGUN, early).pages[PAGE].acknowledged_at == clock("16:21")
    within = told(PAGE, k.PageAcknowledged(), "16:23", MIRA, seen="16:21")
    assert warned(*BEGUN, within) == []


def test_a_refused_command_is_said_until_somebody_deals_with_it():
    refused = told(ME, k.CommandRefused(command="c1", reason="no"), "16:25")
    put_aside = told(ME, k.CommandDismissed(command="c1"), "16:26", MIRA)
    assert warned(*BEGUN, acknowledged("16:21"), refused) == ["command_refused"]
    assert warned(*BEGUN, acknowledged("16:21"), refused, put_aside) == []
