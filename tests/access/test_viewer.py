"""People, roles and viewers."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.test import Client

from ceoc.access.models import Person
from ceoc.access.people import people_by_email
from ceoc.access.roles import GROUPS, ROLES
from ceoc.access.roles_mirror import mirror_roles
from ceoc.access.sessions import viewer_of_session
from ceoc.access.viewer import Audience, initials, viewer_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", GROUPS)
def test_groups_hold_the_permissions_of_the_table(role: str) -> None:
    held = set(Permission.objects.filter(group__name=role).values_list("codename", flat=True))

    assert held == ROLES[role]


def test_a_shadow_may_only_look_and_nobody_without_a_role_may() -> None:
    assert ROLES["shadow"] == {"view"}
    assert ROLES["none"] == set()


@pytest.mark.parametrize(
    ("name", "role", "cleared", "may_not"),
    [
        ("engineer", "engineer", False, {"override", "manage", "administer"}),
        ("manager", "manager", False, {"administer"}),
        ("shadow", "shadow", False, {"work", "override", "manage", "administer"}),
        ("cleared", "engineer", True, {"override", "manage", "administer"}),
        ("admin", "administrator", True, set()),
    ],
)
def test_the_cast_is_what_it_says(viewer_of_role, name: str, role: str, cleared: bool, may_not: set[str]) -> None:
    viewer = viewer_of_role(name)

    assert (viewer.role, viewer.cleared) == (role, cleared)
    assert {word for word in ("view", "work", "override", "manage", "administer") if not viewer.may(word)} == may_not
    assert viewer.audience == Audience(role, cleared)


def test_a_viewer_costs_one_query(person_of, django_assert_num_queries) -> None:
    person = person_of("manager")
    with django_assert_num_queries(1):
        viewer_of(person)


def test_somebody_in_two_groups_has_the_greater_role(person_of) -> None:
    person = person_of("shadow")
    person.groups.add(Group.objects.get(name="manager"))

    assert viewer_of(person).role == "manager"


def test_what_a_group_holds_in_the_database_counts(person_of) -> None:
    group = Group.objects.get(name="engineer")
    group.permissions.remove(Permission.objects.get(codename="work"))
    viewer = viewer_of(person_of("engineer"))

    assert not viewer.may("work")
    assert viewer.audience != Audience("engineer", cleared=False)

    mirror_roles()
    assert viewer_of(person_of("engineer")).may("work")


def test_a_clearance_is_no_role_and_no_role_clears(person_of) -> None:
    person = Person.objects.welcome("boss@demo.example", name="Big Boss", role="administrator")

    assert not viewer_of(person).cleared


def test_an_email_is_one_person_in_any_case(person_of) -> None:
    person = person_of("engineer")

    assert Person.objects.known(" Engineer@Demo.Example ") == person
    with pytest.raises(IntegrityError, match="an_email_is_written_in_small_letters"), transaction.atomic():
        Person.objects.create(email="Engineer@Demo.Example", name="Twin")


def test_welcome_never_touches_a_clearance(person_of) -> None:
    person_of("cleared")
    again = Person.objects.welcome("cleared@demo.example", name="Sam Whitford", role="engineer")

    assert again.us_gov_cleared


@pytest.mark.parametrize(
    ("name", "letters"), [("Mira Okafor", "MO"), ("Cher", "C"), ("Ana de la Cruz", "AC"), ("", "?")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_people_by_email_is_one_query_and_names_the_unknown_by_their_address(
    person_of, django_assert_num_queries
) -> None:
    person_of("engineer")
    person_of("second")
    with django_assert_num_queries(1):
        cards = people_by_email(["engineer@demo.example", "second@demo.example", "jo.doe@elsewhere.example", ""])

    assert cards["engineer@demo.example"].initials == "MO"
    assert cards["jo.doe@elsewhere.example"].name == "jo.doe"
    assert cards["jo.doe@elsewhere.example"].initials == "JD"
    assert set(cards) == {"engineer@demo.example", "second@demo.example", "jo.doe@elsewhere.example"}
    with django_assert_num_queries(0):
        assert people_by_email([]) == {}


class TestTheViewerOfASession:
    """For streams: judged afresh each time."""

    def test_is_who_signed_in(self, engineer: Client) -> None:
        viewer = viewer_of_session(engineer.session.session_key)

        assert viewer is not None
        assert viewer.email == "engineer@demo.example"

    def test_knows_of_a_clearance_at_once(self, engineer: Client) -> None:
        Person.objects.filter(email="engineer@demo.example").update(us_gov_cleared=True)

        assert viewer_of_session(engineer.session.session_key).cleared

    @pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!replaced"}])
    def test_is_nobody_once_the_person_was_put_out(self, engineer: Client, change: dict[str, object]) -> None:
        Person.objects.filter(email="engineer@demo.example").update(**change)

        assert viewer_of_session(engineer.session.session_key) is None
        assert engineer.get("/").status_code == 302

    def test_is_nobody_after_signing_out(self, engineer: Client) -> None:
        key = engineer.session.session_key
        engineer.logout()

        assert viewer_of_session(key) is None

    @pytest.mark.parametrize("key", [None, "", "no-such-session"])
    def test_is_nobody_for_an_unknown_session(self, key: str | None) -> None:
        assert viewer_of_session(key) is None
