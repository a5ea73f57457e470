"""What the palette finds: emergencies, colleagues, and before one types where one was last."""

from __future__ import annotations

import pytest

from ceoc.access.models import Person
from emergencies.models import Look
from emergencies.queries.find import EMERGENCIES, PEOPLE, finds
from tests.emergencies.world import MIRA, NOW, THEO, Trouble, ago


def customers(found):
    return [one.row.customer for one in found.emergencies]


@pytest.mark.parametrize("rows", [1, 50])
def test_five_queries_whatever_is_found(viewer_of_role, django_assert_num_queries, rows):
    viewer = viewer_of_role("engineer")
    for number in range(rows):
        Trouble(f"Miller {number}", number).pages(30, "Trouble").acknowledged(20)
        Person.objects.welcome(f"miller{number}@demo.example", name=f"Ann Miller {number}", role="engineer")
    with django_assert_num_queries(5):
        found = finds(viewer, "miller", NOW)
    assert len(found.emergencies) == min(rows, EMERGENCIES)
    assert len(found.people) == min(rows, PEOPLE)


@pytest.mark.parametrize("rows", [1, 50])
def test_three_queries_before_one_types(viewer_of_role, django_assert_num_queries, rows):
    viewer = viewer_of_role("engineer")
    for number in range(rows):
        Trouble(f"Miller {number}", number).pages(30, "Trouble").acknowledged(20)
    with django_assert_num_queries(3):
        assert len(finds(viewer, "", NOW).emergencies) == min(rows, EMERGENCIES)


def test_a_colleague_is_found_by_the_beginnings_of_names_or_the_address(viewer_of_role, person_of):
    person_of("second"), person_of("manager")
    viewer = viewer_of_role("engineer")
    for words in ("theo", "lindq", "LINDQ th", "second@demo"):
        assert [one.name for one in finds(viewer, words, NOW).people] == ["Theo Lindqvist"], words
    for words in ("indqvist", "theo calder", "", "!!!", "\0", "%", "_"):
        assert finds(viewer, words, NOW).people == (), words


def test_who_has_left_is_not_found(viewer_of_role, person_of):
    viewer, theo = viewer_of_role("engineer"), person_of("second")
    Person.objects.filter(pk=theo.pk).update(is_active=False)
    assert finds(viewer, "theo", NOW).people == ()


class TestTheEvening:
    """Tests that read the same evening."""

    def test_where_one_was_last_comes_first_then_what_happened_last(self, troubles, viewer_of_role, person_of):
        for name, minutes in (("closed", 2), ("waiting", 1)):
            Look.objects.create(person=person_of("engineer"), emergency=troubles[name].row, at=ago(minutes))
        names = customers(finds(viewer_of_role("engineer"), "", NOW))
        assert names[:3] == ["Atlas Freight", "Marl Retail", "Halden Bank"]
        assert len(names) == len(set(names)) == 6

    def test_nothing_of_us_gov_is_found_or_counted_by_the_uncleared(self, troubles, viewer_of_role, person_of):
        gov = troubles["gov"].row
        for name in ("engineer", "cleared"):
            Look.objects.create(person=person_of(name), emergency=gov, at=NOW)
        uncleared, cleared = viewer_of_role("second"), viewer_of_role("cleared")
        assert "Bureau of Tides" not in customers(finds(viewer_of_role("engineer"), "", NOW))
        assert customers(finds(cleared, "", NOW))[0] == "Bureau of Tides"
        assert customers(finds(uncleared, "tides", NOW)) == []
        counted = [finds(viewer, "whitford", NOW).people[0].dri_of for viewer in (uncleared, cleared)]
        assert counted == [0, 1]

    def test_a_colleague_leads_to_what_they_are_the_dri_of(self, troubles, viewer_of_role, person_of):
        person_of("second")
        (theo,) = finds(viewer_of_role("engineer"), "theo", NOW).people
        assert (theo.email, theo.dri_of, theo.address) == (THEO, 2, "/?dri=second%40demo.example")

    def test_the_board_shows_all_of_what_was_found(self, troubles, viewer_of_role):
        viewer = viewer_of_role("engineer")
        assert finds(viewer, "cruft pack", NOW).board == "/?q=cruft+pack"
        assert finds(viewer, "zzzz", NOW).board == ""
        assert {one.row.dri.email for one in finds(viewer, "cruft", NOW).emergencies} == {MIRA}
