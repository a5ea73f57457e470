"""One stylesheet, one sprite, instants in UTC, and only places that exist."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from ceoc.access.viewer import Viewer
from ceoc.look import icons, nav, stylesheet, times

LATER = datetime(2026, 7, 14, 16, 42, tzinfo=UTC)


def viewer(role):
    return Viewer(1, "x@demo.example", "X", role, False, "UTC")


def test_a_page_asks_for_one_stylesheet_and_may_keep_it(client: Client, db):
    html = client.get("/sign-in/").content.decode()
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert gzip.decompress(answer.content) == client.get(address).content == stylesheet.stylesheet().plain


def test_an_address_of_another_release_is_not_kept(client: Client, db):
    assert "immutable" not in client.get("/look/0123456789ab.css")["Cache-Control"]


def test_layers_stand_in_their_order_and_hold_every_file():
    text = stylesheet.stylesheet().plain.decode()
    assert text.startswith("@layer tokens,base,components,pages;")
    places = [text.index(f"@layer {layer}{{") for layer in stylesheet.LAYERS]
    assert places == sorted(places)
    held = {path for layer in stylesheet.LAYERS for path in stylesheet.sources(layer)}
    assert held == set((Path(settings.BASE_DIR) / "static" / "css").rglob("*.css"))
    assert "/*" not in text
    assert text.count("{") == text.count("}")


def test_every_icon_of_the_table_is_drawn_once():
    sprite = str(icons.sprite())
    for name in icons.NAMES:
        assert sprite.count(f'id="i-{name}"') == 1
    assert "script" not in sprite


def test_an_unknown_icon_is_a_mistake():
    with pytest.raises(KeyError):
        icons.icon("nonsense")


@pytest.mark.parametrize(("at", "shown", "html"), [
    (LATER, "time", '<time datetime="2026-07-14T16:42:00Z" data-show="time">16:42 UTC</time>'),
    (LATER, "date", '<time datetime="2026-07-14T16:42:00Z" data-show="date">14 Jul 2026</time>'),
    (
        LATER + timedelta(milliseconds=5), "age",
        '<time datetime="2026-07-14T16:42:00.005Z" data-show="age" title="14 Jul 2026 16:42 UTC">16:42 UTC</time>',
    ),
    (
        LATER.astimezone(timezone(timedelta(hours=9))), "stamp",
        '<time datetime="2026-07-14T16:42:00Z" data-show="stamp">14 Jul 2026 16:42 UTC</time>',
    ),
])  # fmt: skip
def test_instants_are_utc_in_the_markup(at, shown, html):
    assert str(times.moment(at, shown)) == html


def test_a_page_says_once_in_which_zone_its_times_are(engineer: Client):
    html = engineer.get("/").content.decode()
    assert html.count("Times: New York") == 1
    assert times.city("Asia/Tokyo") == "Tokyo"


@pytest.mark.parametrize(("role", "words"), [
    ("engineer", ["Board", "Closed", "Commands"]), ("shadow", ["Board", "Closed", "Commands"]),
    ("manager", ["Board", "Closed", "Commands", "Settings"]),
    ("administrator", ["Board", "Closed", "Commands", "Deliveries", "Settings"]), ("none", []),
])  # fmt: skip
def test_the_bar_leads_where_one_may_go(role, words):
    assert [place.words for place in nav.places(viewer(role))] == words


def test_every_place_of_the_bar_exists():
    for place in nav.PLACES:
        assert resolve(place.path)


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", "Board"), ("/emergencies/abc/", "Board"), ("/closed/", "Closed"), ("/commands/", "Commands")],
)
def test_the_present_place_is_marked(path, current):
    assert [place.words for place in nav.PLACES if nav.is_current(place, path)] == [current]
