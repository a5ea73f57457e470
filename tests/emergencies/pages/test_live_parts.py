"""What is pushed is what the page shows: the same templates, nothing of one person, no form token."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from ceoc.access.viewer import Audience
from ceoc.live import sources
from ceoc.live.parts import Event, Insert, Nudge, Order, Remove, Swap
from emergencies import actions
from emergencies.pages.live import BoardSource, EmergencySource, TraySource
from tests.emergencies.world import NOW, Trouble

CLEARED, UNCLEARED = Audience("engineer", True), Audience("engineer", False)
SHADOW = Audience("shadow", False)


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def fragments(parts):
    return [part for part in parts if isinstance(part, Insert | Swap)]


@pytest.fixture
def busy(troubles, viewer_of_role) -> Trouble:
    """An emergency with everything in it."""
    trouble = troubles["reviewing"]
    actions.public_reply(emergency=trouble.row, by=viewer_of_role("engineer"), now=NOW, text="We are here.")
    actions.note(emergency=trouble.row, by=viewer_of_role("engineer"), now=NOW, text="A note")
    return trouble


def test_the_sources_are_known():
    for name in ("board", "tray", "emergency", "freshness"):
        assert sources.find(name) is not None


class TestTheEvening:
    """Tests that read the same evening."""

    def test_what_is_pushed_of_an_emergency_stands_in_its_page(self, engineer: Client, busy: Trouble, troubles):
        id = busy.row.public_id
        page = squeezed(engineer.get(f"/emergencies/{id}/").content.decode())
        parts = EmergencySource().render(id, UNCLEARED, None)
        assert len(fragments(parts)) > 12
        for part in fragments(parts):
            assert squeezed(part.html) in page, part.target
            assert f'id="{part.target}"' in part.html

    def test_what_is_pushed_of_the_board_stands_in_its_page(self, engineer: Client, troubles):
        page = squeezed(engineer.get("/").content.decode())
        parts = BoardSource().render("", UNCLEARED, None)
        assert len(fragments(parts)) == 5
        for part in fragments(parts):
            assert squeezed(part.html) in page, part.target
        (order,) = [part for part in parts if isinstance(part, Order)]
        assert [len(rows) for rows in order.sections.values()] == [3, 2, 0]
        assert (order.counts["all"], order.counts["closed"]) == (5, 1)

    @pytest.mark.parametrize("audience", [CLEARED, UNCLEARED, SHADOW])
    def test_nothing_of_one_person_and_no_form_token_is_pushed(self, busy: Trouble, audience, troubles):
        every = [
            *BoardSource().render("", audience, None),
            *TraySource().render("", audience, None),
            *EmergencySource().render(busy.row.public_id, audience, None),
        ]
        for part in fragments(every):
            assert "csrf" not in part.html
            assert "data-looked" not in part.html
            assert "<form" not in part.html
            assert "style=" not in part.html

    def test_the_same_facts_give_the_same_bytes(self, busy: Trouble, troubles):
        source, id = EmergencySource(), busy.row.public_id
        assert source.render(id, UNCLEARED, None) == source.render(id, UNCLEARED, None)

    def test_a_shadow_gets_no_button(self, busy: Trouble, troubles):
        parts = EmergencySource().render(busy.row.public_id, SHADOW, None)
        assert not [part.target for part in fragments(parts) if "<button" in part.html]

    def test_us_gov_reaches_the_cleared_alone(self, troubles):
        id = troubles["gov"].row.public_id
        assert "Tides" in str(BoardSource().render("", CLEARED, None))
        assert "Tides" not in str(BoardSource().render("", UNCLEARED, None))
        assert EmergencySource().render(id, UNCLEARED, None) == EmergencySource().render("nothing", UNCLEARED, None)
        assert isinstance(EmergencySource().render(id, UNCLEARED, None)[0], Event)

    def test_of_what_is_touched_only_its_row_is_rendered(self, troubles, django_assert_num_queries):
        source, id = BoardSource(), troubles["rings"].row.public_id
        whole = source.render("", UNCLEARED, None)
        with django_assert_num_queries(3):
            parts = source.render("", UNCLEARED, frozenset({"board", f"emergency:{id}"}))
        assert [part.target for part in fragments(parts)] == [f"row-{id}"]
        assert [part for part in parts if part not in whole] == []
        assert len([part for part in parts if isinstance(part, Order)]) == 1
        row = sum(len(part.html.encode()) for part in fragments(parts))
        assert row < 3_000
        assert sum(len(part.html.encode()) for part in fragments(whole)) > 4 * row

    def test_what_is_touched_and_not_on_this_board_leaves_it(self, troubles):
        id = troubles["gov"].row.public_id
        parts = BoardSource().render("", UNCLEARED, frozenset({"board", f"emergency:{id}"}))
        assert [part for part in parts if not isinstance(part, Order | Nudge)] == [Remove(f"row-{id}")]

    def test_a_board_that_is_told_no_more_is_rendered_whole(self, troubles):
        assert len(fragments(BoardSource().render("", UNCLEARED, frozenset({"board"})))) == 5
