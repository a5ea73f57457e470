"""Without an agent's seat nothing is sent in that account; not knowing blocks nothing (security.md 9)."""

from __future__ import annotations

import pytest

from ceoc.outbox.models import Command
from ceoc.people import seats
from ceoc.people.places import PAGERDUTY, ZENDESK, ZENDESK_US_GOV
from emergencies import actions
from tests.emergencies.world import NOW, Trouble
from tests.people.told import told

pytestmark = pytest.mark.django_db

WRITES = {
    "public_reply": {"text": "We are here."},
    "internal_note": {"text": "Look at Gitaly."},
    "change_ticket": {"change": actions.TicketChange(fields={"status": "solved"})},
}
NO_SEAT = {"state": "absent", "facts": {}}


def northwind() -> Trouble:
    return Trouble("Northwind Robotics", 1).pages(30, "Gitaly storage full").acknowledged(29)


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize(
    "known",
    [
        pytest.param(NO_SEAT, id="unknown to Zendesk"),
        pytest.param({"facts": {"role": "end-user"}}, id="a customer there"),
        pytest.param({"facts": {"role": "agent", "suspended": True}}, id="suspended"),
        pytest.param(NO_SEAT | {"reason": "Zendesk cannot be reached.", "failed_at": NOW}, id="also when that is old"),
    ],
)
def test_without_a_seat_nothing_is_queued(person_of, viewer_of_role, act, known):
    told(person_of("engineer"), ZENDESK, **known)
    with pytest.raises(actions.Refused, match="You have no agent’s seat in Zendesk"):
        getattr(actions, act)(emergency=northwind().row, by=viewer_of_role("engineer"), now=NOW, **WRITES[act])
    assert not Command.objects.exists()


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize(
    "known",
    [
        pytest.param(None, id="never read"),
        pytest.param({"state": "unread", "facts": {}, "reason": "Zendesk cannot be reached."}, id="it was down"),
        pytest.param({}, id="a seat"),
    ],
)
def test_with_a_seat_or_not_knowing_it_is_queued(person_of, viewer_of_role, act, known):
    if known is not None:
        told(person_of("engineer"), ZENDESK, **known)
    getattr(actions, act)(emergency=northwind().row, by=viewer_of_role("engineer"), now=NOW, **WRITES[act])
    assert Command.objects.get().by == "engineer@demo.example"


def test_a_seat_is_needed_in_the_account_of_the_ticket_alone(person_of, viewer_of_role):
    told(person_of("cleared"), ZENDESK_US_GOV, **NO_SEAT)
    sam = viewer_of_role("cleared")
    actions.internal_note(emergency=northwind().row, by=sam, now=NOW, text="Fine")
    tides = Trouble("Bureau of Tides", 2, klass="us_gov").pages(30, "Sign-in fails")
    with pytest.raises(actions.Refused, match="no agent’s seat in Zendesk US Gov"):
        actions.internal_note(emergency=tides.row, by=sam, now=NOW, text="Not fine")


def test_pages_and_slack_need_none(person_of, viewer_of_role):
    told(person_of("engineer"), ZENDESK, **NO_SEAT)
    mira, row = viewer_of_role("engineer"), northwind().row
    actions.page_note(emergency=row, by=mira, now=NOW, text="Looking")
    actions.thread_reply(emergency=row, by=mira, now=NOW, text="Looking")
    assert Command.objects.count() == 2


def test_the_composer_says_so_and_keeps_the_thread_open(person_of, engineer):
    mira, row = person_of("engineer"), northwind().row
    path = f"/emergencies/{row.public_id}/"
    assert "agent’s seat" not in engineer.get(path).content.decode()
    told(mira, ZENDESK, **NO_SEAT)
    for html in (engineer.get(path).content.decode(), engineer.get(f"{path}composer/").content.decode()):
        public, internal, thread = html.split('role="tabpanel"')[1:4]
        assert "You have no agent’s seat in Zendesk" in public
        assert "You have no agent’s seat in Zendesk" in internal
        assert " disabled" in public
        assert "agent’s seat" not in thread
    form = {"audience": "public", "text": "We are here."}
    answer = engineer.post(f"{path}reply/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "agent’s seat in Zendesk" in answer.content.decode()


class TestInWhoseName:
    def test_by_ones_own_address(self, person_of):
        told(person_of("engineer"), ZENDESK)
        assert seats.address("Engineer@demo.example", "zendesk", "global") == "Engineer@demo.example"
        assert seats.address("nobody@demo.example", "pagerduty", "") == "nobody@demo.example"

    def test_by_that_of_whom_one_was_matched_to(self, person_of):
        mira = person_of("engineer")
        told(mira, PAGERDUTY, email="mira@old.example", picked="mira@old.example", picked_by="admin@demo.example")
        assert seats.address("engineer@demo.example", "pagerduty", "") == "mira@old.example"
        assert seats.address("engineer@demo.example", "zendesk", "global") == "engineer@demo.example"

    def test_while_the_picked_one_is_not_found_by_ones_own(self, person_of):
        told(person_of("engineer"), PAGERDUTY, state="unread", picked="mira@old.example", picked_by="x@demo.example")
        assert seats.address("engineer@demo.example", "pagerduty", "") == "engineer@demo.example"
