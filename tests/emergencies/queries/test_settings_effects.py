"""What is said before a setting is saved: what will happen, with no count but of what the viewer may see."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from emergencies.policy.channels import CHANNELS, Channel
from emergencies.policy.services import SERVICES, Policy, Service
from emergencies.queries import settings_effects as effects
from tests.emergencies.world import Trouble

pytestmark = pytest.mark.django_db

GLOBAL, GOV = SERVICES.services


@pytest.fixture
def manager(viewer_of_role):
    return viewer_of_role("manager")


@pytest.fixture
def admin(viewer_of_role):
    return viewer_of_role("admin")


@pytest.fixture(autouse=True)
def troubles():
    Trouble("Halden Bank", 1).pages(10, "502").acknowledged(9)
    Trouble("Marl Retail", 2).pages(20, "Pages").acknowledged(19).replied(18).resolved(17).solved(16)
    Trouble("Bureau of Tides", 3, klass="us_gov", us_gov_support="24x7").pages(9, "Sign-in fails")


def test_clocks_that_run_are_counted_as_far_as_one_may_see(manager, admin):
    assert "(1 open emergency that you can see)" in effects.clocks(None, None, manager)[0]
    assert "(2 open emergencies that you can see)" in effects.clocks(None, None, admin)[0]


def test_what_a_portal_closes_is_counted_and_said_to_be_for_good(manager):
    (said,) = effects.services(SERVICES, replace(SERVICES, services=(GOV,)), manager)
    assert said.startswith("2 pages of Customer Support and 2 emergencies become US Government's")
    assert "Undoing brings none back." in said


def test_what_opens_is_said_and_what_stays_is_counted_for_the_cleared_alone(manager, admin):
    opened = replace(SERVICES, services=(replace(GLOBAL, portal=None), Service(name="New", portal="global")))
    before = replace(SERVICES, services=(replace(GLOBAL, portal=None),))
    assert effects.services(before, opened, manager) == ["Everybody sees the pages of New that come from now on."]
    again = replace(before, services=(GLOBAL,))
    assert "What it has already stays US Government's: 1 page." in effects.services(before, again, admin)[0]
    assert "it has already" not in effects.services(before, again, manager)[0]


def test_a_region_that_moves_says_how_many_are_judged_anew(manager, admin):
    moved = replace(SERVICES, policies=(Policy(name="Customer Emergencies AMER", region="APAC"),))
    assert [effects.services(SERVICES, moved, who)[0].split(" that ")[0] for who in (manager, admin)] == [
        "The region of 1 open emergency",
        "The region of 2 open emergencies",
    ]
    assert effects.services(SERVICES, SERVICES, manager) == []


def test_channels_and_bots_say_what_they_mean(manager):
    other = replace(CHANNELS, channels=(*CHANNELS.channels[:2], Channel(name="gov2", purpose="us_gov", cleared=True)))
    assert effects.channels(CHANNELS, other, manager) == [
        "US Gov posts that still wait for #spt_us-government are refused.",
        "US Gov matters may be written in #gov2. Be sure that everybody in there is cleared.",
    ]
    assert effects.channels(CHANNELS, CHANNELS, manager) == []
    assert "from now on" in effects.bots(None, None, manager)[0]
