"""Leaks that are planted on purpose, each a mistake that somebody could make; the comparison must find every one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import structlog
from django.core.exceptions import PermissionDenied
from msgspec.structs import replace

from ceoc.access import middleware
from ceoc.access.classes import ClassedQuerySet
from ceoc.access.viewer import Audience
from ceoc.api import operations
from ceoc.inbox import queries as deliveries
from ceoc.inbox.models import Delivery
from ceoc.live.announce import announce
from ceoc.look import paging
from ceoc.ops import freshness
from emergencies.models import Emergency
from emergencies.pages import answer, board
from emergencies.pages.live import BoardSource
from emergencies.queries import find, here, search
from emergencies.queries.board import Board
from emergencies.timeline import record

Plant = Callable[[pytest.MonkeyPatch], None]

EVERYTHING = Audience("engineer", cleared=True)


def the_door_stands_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """`visible_to` gives everything."""
    monkeypatch.setattr(ClassedQuerySet, "visible_to", lambda self, _viewer: self)


def a_count_sums_both_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The board says how many emergencies there are in all."""
    counted = board.board_of

    def counts(*asked: Any) -> Board:
        shown = counted(*asked)
        return replace(shown, closed=Emergency.objects.filter(stage="closed", historical=False).count())

    monkeypatch.setattr(board, "board_of", counts)


def a_source_forgets_the_clearance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The board's fragments are rendered alike for all."""
    rendered = BoardSource.render
    monkeypatch.setattr(
        BoardSource, "render", lambda self, key, _audience, touched: rendered(self, key, EVERYTHING, touched)
    )


def the_search_finds_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found is not asked for its class."""
    found = search.search
    monkeypatch.setattr(search, "search", lambda _viewer, *asked: found(EVERYTHING, *asked))


def a_line_of_the_log_names_a_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody debugs the board."""
    shown = board.board_of

    def tells(*asked: Any) -> Board:
        names = list(Emergency.objects.order_by("id").values_list("customer_name", flat=True))
        structlog.get_logger("plant").info("board.made", customers=names)
        return shown(*asked)

    monkeypatch.setattr(board, "board_of", tells)


def a_header_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer carries a tag made of all there is."""
    answered = middleware.Headers.__call__

    def with_header(self: middleware.Headers, request: Any) -> Any:
        response = answered(self, request)
        response.headers["ETag"] = str(Emergency.objects.count())
        return response

    monkeypatch.setattr(middleware.Headers, "__call__", with_header)


def the_unseen_differs_from_the_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one may not see is refused, where it should not be found."""
    known = answer.find

    def refuses(viewer: Any, public_id: str) -> Emergency | None:
        found = known(viewer, public_id)
        if found is None and Emergency.objects.filter(public_id=public_id).exists():
            raise PermissionDenied
        return found

    monkeypatch.setattr(answer, "find", refuses)


def a_list_goes_on_where_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether there is an older page is asked of all deliveries."""
    listed = deliveries.listed

    def goes_on(viewer: Any, filters: deliveries.Filters) -> deliveries.Listed:
        shown = listed(viewer, filters)
        more = Delivery.objects.count() > paging.PAGE * filters.page
        return replace(shown, older=filters.address(filters.page + 1) if more else "")

    monkeypatch.setattr(deliveries, "listed", goes_on)


def an_account_is_everybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """How fresh the US Government account is stands in everybody's bar."""
    monkeypatch.setattr(freshness, "all_for", lambda _viewer, now, told=freshness.all_for: told(EVERYTHING, now))


def presence_is_told_to_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks at what is not asked for what one may see."""
    monkeypatch.setattr(here, "_seen", lambda _viewer, places: places)


def the_palette_finds_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """The palette looks for emergencies with everybody's eyes."""
    monkeypatch.setattr(find, "found", lambda _viewer, *asked, told=find.found: told(EVERYTHING, *asked))


def the_api_counts_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to a program says how many emergencies there are."""
    answered = operations._conditional

    def counts(request: Any, body: bytes) -> Any:
        response = answered(request, body)
        response.headers["X-Total-Count"] = str(Emergency.objects.count())
        return response

    monkeypatch.setattr(operations, "_conditional", counts)


PLANTS: tuple[Plant, ...] = (
    the_door_stands_open, a_count_sums_both_classes, a_source_forgets_the_clearance, the_search_finds_everything,
    a_line_of_the_log_names_a_customer, a_header_counts, the_unseen_differs_from_the_unknown,
    a_list_goes_on_where_nothing_is_shown, an_account_is_everybodys,
    presence_is_told_to_everybody, the_palette_finds_everything, the_api_counts_everything,
)  # fmt: skip


def an_announcement_is_everybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """What changed in an emergency is announced to all."""
    monkeypatch.setattr(record, "announce", lambda topics, _klass: announce(topics, "global"))
