"""Who has another address at the vendors acts there under it, and is themselves in the story. Real HTTP all the way.

Theo is known to PagerDuty and Zendesk as Bram.
"""

from __future__ import annotations

import pytest

from ceoc.outbox.claim import Lane
from ceoc.outbox.lanes import run
from ceoc.people.places import PAGERDUTY, ZENDESK
from emergencies import actions
from tests.emergencies.outgoing.test_with_the_sandbox import Scene, fresh, scene
from tests.people.told import told

__all__ = ["scene"]

THEO, BRAM = "second@demo.example", "bram@demo.example"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def theo(scene: Scene, person_of) -> Scene:
    for place in (PAGERDUTY, ZENDESK):
        told(person_of("second"), place, email=BRAM, picked=BRAM, picked_by="admin@demo.example")
    return scene


def test_an_acknowledgement_goes_out_and_comes_back(theo):
    command = theo.press(actions.acknowledge, "second")
    run(Lane("pagerduty"))
    theo.desk.work()
    assert fresh(command).state == "delivered"
    acknowledged = theo.desk.box.incident(theo.page)["acknowledgements"]
    assert [one["acknowledger"]["summary"] for one in acknowledged] == ["Bram Visser"]
    assert (theo.story.dri.person, theo.emergency.dri) == (THEO, THEO)


def test_a_reply_is_a_contact_of_ours(theo):
    command = theo.reply("We are on it.", "second")
    assert command.state == "delivered"
    (reply,) = theo.told("public_reply")
    assert reply.actor == THEO
    assert theo.story.contacted(theo.P)


def test_what_is_done_at_the_vendor_itself_is_theirs_too(theo):
    theo.desk.box.act("acknowledge", page=theo.page, by="bram")
    theo.desk.box.act("agent_reply", ticket=theo.ticket, by="bram", text="Dear Dana, we look into it.")
    theo.desk.work()
    assert theo.story.dri.person == THEO
    assert theo.story.contacted(theo.P)
