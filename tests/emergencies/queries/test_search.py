"""Search by the beginnings of words over customers, tickets, people and what was said."""

from __future__ import annotations

import pytest

from emergencies.queries.search import found, search
from tests.emergencies.world import NOW, SAM, Trouble


@pytest.mark.parametrize("rows", [1, 30])
def test_two_queries_whatever_is_found(uncleared, django_assert_num_queries, rows, person_of):
    person_of("engineer")
    for number in range(rows):
        Trouble(f"Customer {number}", number).pages(30, "Trouble").acknowledged(20)
    with django_assert_num_queries(2):
        assert len(search(uncleared, "trouble", NOW)) == rows


@pytest.mark.parametrize("rows", [1, 30])
def test_three_queries_with_the_words_that_were_found(uncleared, django_assert_num_queries, rows, person_of):
    person_of("engineer")
    for number in range(rows):
        Trouble(f"Customer {number}", number).pages(30, "Trouble").acknowledged(20)
    with django_assert_num_queries(3):
        assert [one.said for one in found(uncleared, "troub", NOW)] == [(("Trouble", True),)] * rows


def test_words_that_were_found_are_marked_in_what_was_said(uncleared):
    trouble = Trouble("Northwind Robotics", 1).pages(34, "Gitaly storage full").acknowledged(32)
    trouble.noted(20, body="The cruft pack of last week: 340 GB of packs.")
    (one,) = found(uncleared, "cruft pack", NOW)
    assert {piece for piece, marked in one.said if marked} == {"cruft", "pack", "packs"}
    assert "".join(piece for piece, _ in one.said) == "cruft pack of last week: 340 GB of packs"


def test_nothing_of_us_gov_is_quoted_to_the_uncleared(cleared, uncleared):
    trouble = Trouble("Bureau of Tides", 3, klass="us_gov").pages(9, "Sign-in fails", "US Government Emergencies")
    trouble.noted(5, SAM, body="The secret lighthouse")
    assert found(uncleared, "lighthouse", NOW) == ()
    assert ("lighthouse", True) in found(cleared, "lighthouse", NOW)[0].said


class TestTheEvening:
    """Tests that read the same evening."""

    @pytest.mark.parametrize(("words", "names"), [
        pytest.param("Northwind", {"Northwind Robotics"}, id="a customer"),
        pytest.param("north rob", {"Northwind Robotics"}, id="beginnings of its words"),
        pytest.param("512102", {"Northwind Robotics"}, id="a ticket's number"),
        pytest.param("Q00102", {"Northwind Robotics"}, id="a page's id"),
        pytest.param("second@demo.example", {"Atlas Freight", "Lumen Schools"}, id="a person"),
        pytest.param("cruft", {"Northwind Robotics"}, id="what was said"),
        pytest.param("certificate trusting", {"Lumen Schools"}, id="English stems"),
        pytest.param("Pages deploy", {"Marl Retail"}, id="closed ones too"),
        pytest.param("northwind gitaly nonsense", set(), id="all the words must occur"),
    ])  # fmt: skip
    def test_words_find_emergencies(self, uncleared, words, names, troubles):
        assert {row.customer for row in search(uncleared, words, NOW)} == names

    def test_the_uncleared_do_not_find_us_gov(self, cleared, uncleared, troubles):
        assert [row.customer for row in search(cleared, "tides", NOW)] == ["Bureau of Tides"]
        assert search(uncleared, "tides", NOW) == ()

    @pytest.mark.parametrize(
        "words", ["", "   ", "'", "'':* | !", "\\", "a & | b", "<script>", "\0", ":*" * 200, "% _"]
    )
    def test_no_word_breaks_it(self, uncleared, words, troubles):
        assert isinstance(found(uncleared, words, NOW), tuple)
