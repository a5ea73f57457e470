"""The demo's people."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from ceoc.access.models import AccessLog, Person
from ceoc.access.viewer import viewer_of
from ceoc.demo.people import COLLEAGUES, PERSONAS, persona
from sandbox.world.people import PEOPLE

pytestmark = pytest.mark.django_db


def test_six_personas_and_their_colleagues_are_made_once(capsys) -> None:
    call_command("demo_people")
    call_command("demo_people")

    assert Person.objects.count() == len(PERSONAS) + len(COLLEAGUES)
    assert len(PERSONAS) == 6
    assert "are there" in capsys.readouterr().out


def test_each_has_their_role_and_clearance(capsys) -> None:
    call_command("demo_people")
    for one in (*PERSONAS, *COLLEAGUES):
        viewer = viewer_of(Person.objects.get(email=one.email))
        assert (viewer.name, viewer.role, viewer.cleared, viewer.zone) == (one.name, one.role, one.cleared, one.zone)


def test_their_clearances_are_audited_once(capsys) -> None:
    call_command("demo_people")
    call_command("demo_people")

    cleared = {one.email for one in (*PERSONAS, *COLLEAGUES) if one.cleared}
    assert sorted(AccessLog.objects.values_list("email", flat=True)) == sorted(cleared)
    assert set(AccessLog.objects.values_list("kind", "by")) == {("cleared", "demo")}


STRANGER = "bram@demo.example"
"""Whom the vendors know and the demo does not: there is somebody to match or to send away."""


def test_the_vendors_know_the_same_people_and_one_more() -> None:
    there = {person.address: (person.name, person.zone) for person in PEOPLE}
    assert there.pop(STRANGER)

    assert {one.email: (one.name, one.zone) for one in (*PERSONAS, *COLLEAGUES)} == there


def test_a_colleague_is_no_persona() -> None:
    assert persona("lena@demo.example") is None
    assert persona("engineer@demo.example") is PERSONAS[0]


def test_outside_the_demo_nobody_is_made(settings) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("demo_people")
    assert not Person.objects.exists()
