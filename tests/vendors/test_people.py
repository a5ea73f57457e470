"""How the doors find people: by e-mail or id, with what is needed to reach them, and nobody where there is nobody."""

from __future__ import annotations

import pytest

from ceoc.vendors import pagerduty_shapes
from ceoc.vendors.errors import Unavailable
from ceoc.vendors.pagerduty import PagerDuty
from ceoc.vendors.slack import Slack
from ceoc.vendors.zendesk import Zendesk
from tests.vendors.ears import Ears

MIRA, HUGO, NADIA, BRAM = "engineer@demo.example", "hugo@demo.example", "nadia@demo.example", "bram@demo.example"


@pytest.fixture(scope="module")
def pagerduty(box):
    return PagerDuty(url=box.env["PAGERDUTY_API_URL"], token=lambda: box.env["PAGERDUTY_API_TOKEN"], hearing=Ears())


@pytest.fixture(scope="module")
def slack(box):
    return Slack(url=box.env["SLACK_API_URL"], token=lambda: box.env["SLACK_BOT_TOKEN"], hearing=Ears())


def desk(box, account):
    name = account.upper()
    return Zendesk(
        account=account,
        url=box.env[f"ZENDESK_{name}_URL"],
        email=box.env[f"ZENDESK_{name}_EMAIL"],
        token=lambda: box.env[f"ZENDESK_{name}_TOKEN"],
        hearing=Ears(),
    )


class TestPagerDuty:
    @pytest.mark.parametrize(
        ("email", "ways", "rung"),
        [
            pytest.param(MIRA, ("email", "phone", "push", "sms"), ("phone", "push"), id="every way, two of them rung"),
            pytest.param(HUGO, ("email",), ("email",), id="an e-mail alone"),
            pytest.param(NADIA, ("email", "phone", "push", "sms"), ("email",), id="a phone that no rule rings"),
        ],
    )
    def test_by_what_somebody_is_reached(self, pagerduty, email, ways, rung):
        found = pagerduty.reach(email.upper())
        assert (found.user.email, found.ways, found.rung) == (email, ways, rung)
        assert pagerduty.reach(found.user.id) == found

    @pytest.mark.parametrize("who", ["nobody@demo.example", "demo.example@", "PNOBODY", "../users"])
    def test_nobody(self, pagerduty, who):
        assert pagerduty.reach(who) is None

    def test_everybody(self, pagerduty):
        assert {MIRA, BRAM} <= {user.email for user in pagerduty.everybody()}

    def test_what_is_switched_off_or_blacklisted_reaches_nobody(self):
        methods = [
            {"id": "P1", "type": "phone_contact_method", "enabled": False},
            {"id": "P2", "type": "sms_contact_method", "blacklisted": True},
            {"id": "P3", "type": "push_notification_contact_method"},
        ]
        rules = [{"urgency": "high", "contact_method": {"id": key}} for key in ("P1", "P2")]
        user = pagerduty_shapes.UserRead(id="P", name="M", email=MIRA)
        found = pagerduty_shapes.reach(user, {"contact_methods": methods}, {"notification_rules": rules})
        assert (found.ways, found.rung) == (("push",), ())


class TestZendesk:
    def test_an_agent_by_e_mail_and_by_id(self, box):
        found = desk(box, "global").member(MIRA)
        assert (found.email, found.is_agent, found.suspended) == (MIRA, True, False)
        assert desk(box, "global").member(found.id) == found

    @pytest.mark.parametrize("who", ["nobody@demo.example", "1", "none"])
    def test_nobody(self, box, who):
        assert desk(box, "us_gov").member(who) is None

    def test_everybody_with_a_seat(self, box):
        seats = {agent.email for agent in desk(box, "global").agents()}
        assert {MIRA, BRAM, "manager@demo.example"} <= seats
        assert "grete@demo.example" not in seats
        assert MIRA not in {agent.email for agent in desk(box, "us_gov").agents()}


class TestSlack:
    def test_a_member_by_e_mail_and_by_id(self, slack):
        found = slack.member(MIRA)
        assert (found.email, found.active) == (MIRA, True)
        assert slack.member(found.id) == found

    @pytest.mark.parametrize("who", ["tane@demo.example", "agnes@demo.example", "U0NOBODY"])
    def test_nobody(self, slack, who):
        assert slack.member(who) is None


def test_a_vendor_that_is_down_says_nothing_of_anybody(box, pagerduty, slack):
    for vendor in ("pagerduty", "slack", "zendesk_global"):
        box.post("/faults", vendor=vendor, mode="down")
    try:
        for ask in (pagerduty.reach, slack.member, desk(box, "global").member):
            with pytest.raises(Unavailable):
                ask(MIRA)
    finally:
        for vendor in ("pagerduty", "slack", "zendesk_global"):
            box.post("/faults", vendor=vendor, mode="ok")
