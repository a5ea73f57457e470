"""What the team's data says: portals, regions, channels, links. Pure."""

from __future__ import annotations

import pytest

from emergencies.policy.bots import BOTS
from emergencies.policy.channels import CHANNELS, Channel, Channels, channel_for
from emergencies.policy.links import LINKS, Link, Links, filled
from emergencies.policy.services import SERVICES, Policy, Service, Services, class_of, closed, opened, released
from tests.emergencies.telling import created, rings, story

GLOBAL, GOV, UNTOLD = (Service(name="S", portal=portal) for portal in ("global", "us_gov", None))


def mapped(*services: Service) -> Services:
    return Services(services=services)


def test_the_names_at_pagerduty_stand_for_portals_and_regions():
    assert [SERVICES.portal_of(name) for name in ("Customer Support", "US Government Support", "Other")] == [
        "global", "us_gov", None,
    ]  # fmt: skip
    assert [SERVICES.to_call(portal) for portal in ("global", "us_gov")] == [
        "Customer Support",
        "US Government Support",
    ]
    assert mapped(GLOBAL, UNTOLD).to_call("us_gov") == "", "never on the service of another portal"
    assert SERVICES.region_of("APAC Backup Engineers") == "APAC"
    assert Services(policies=(Policy(name="New", region="EMEA"),)).region_of("Customer Emergencies AMER") is None
    assert BOTS.names == {"Support Bot"}


@pytest.mark.parametrize(("portal", "klass"), [("global", "global"), ("us_gov", "us_gov"), (None, "us_gov")])
def test_what_is_not_proven_global_is_us_governments(portal, klass):
    assert class_of(portal) == klass


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        pytest.param(mapped(GLOBAL), mapped(GLOBAL), ((), (), ()), id="the same"),
        pytest.param(mapped(), mapped(GLOBAL), (("S",), (), ()), id="new and global: it opens"),
        pytest.param(mapped(GOV), mapped(GLOBAL), (("S",), (), ()), id="from US Gov to global: it opens"),
        pytest.param(mapped(UNTOLD), mapped(GLOBAL), (("S",), (), ()), id="told to be global: it opens"),
        pytest.param(mapped(GLOBAL), mapped(GOV), ((), ("S",), ()), id="from global to US Gov: it closes"),
        pytest.param(mapped(GLOBAL), mapped(), ((), ("S",), ()), id="taken off the list: it closes"),
        pytest.param(mapped(GOV), mapped(UNTOLD), ((), (), ("S",)), id="no more US Gov for sure"),
        pytest.param(mapped(GOV), mapped(), ((), (), ("S",)), id="US Gov's taken off the list"),
        pytest.param(mapped(), mapped(GOV), ((), (), ()), id="new and US Gov: nothing opens"),
    ],
)
def test_what_a_change_of_portals_opens_and_closes(before, after, says):
    assert (opened(before, after), closed(before, after), released(before, after)) == says


@pytest.mark.rule("COMM-1")
def test_threads_go_to_the_channels_that_the_team_names():
    other = Channels(channels=(
        Channel(name="sm", purpose="self_managed"), Channel(name="com", purpose="gitlab_com"),
        Channel(name="open", purpose="us_gov"), Channel(name="gov", purpose="us_gov", cleared=True),
    ))  # fmt: skip
    assert [channel_for("global", product, other) for product in ("self_managed", "gitlab_com")] == ["sm", "com"]
    assert channel_for("us_gov", "", other) == "gov", "what is not cleared is never chosen"
    assert channel_for("us_gov", "", Channels(channels=())) == channel_for("global", "", Channels(channels=())) == ""
    assert channel_for("us_gov", "") == "spt_us-government"
    assert CHANNELS.cleared == ("spt_us-government",)


def test_links_are_filled_in_and_left_out_where_something_is_missing():
    links = Links(links=(
        Link(name="plain", address="https://a.example/"), Link(name="ticket", address="https://a.example/?t={ticket}"),
        Link(name="page", address="https://a.example/{page}/{emergency}"),
        Link(name="odd", address="https://a.example/{other}"),
    ))  # fmt: skip
    told = story(created("16:20"), rings("16:20"))
    assert [(one.name, one.address) for one in filled(links, told, "k3v9")] == [
        ("plain", "https://a.example/"),
        ("ticket", "https://a.example/?t=512880"),
        ("page", "https://a.example/Q2K7/k3v9"),
    ]
    assert [one.name for one in filled(links, story(created("16:20")), "k3v9")] == ["plain", "ticket"]


def test_a_us_gov_matter_is_carried_only_where_somebody_said_that_it_may_be():
    told = story(created("16:20"), rings("16:20"), account="us_gov")
    assert [one.name for one in filled(LINKS, told, "k3v9")] == ["GitLab status"]
