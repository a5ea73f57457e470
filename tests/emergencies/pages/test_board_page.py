"""The board in a browser without a script: what it says, how much it weighs, who sees what."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from ceoc.look.stylesheet import stylesheet
from tests.emergencies.world import Trouble, by_hand

PAGE_LIMIT, ROW_LIMIT = 60_000, 500
"""Bytes, packed: the empty board with its style and scripts, and each row of the queue."""


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def scripts(html: str) -> list[Path]:
    """The files of every script that the page loads, those that one module imports of another included; not what is
    fetched once somebody asks for it (`import(…)`)."""
    found: dict[str, Path] = {}
    waiting = [address.removeprefix("/static/") for address in re.findall(r'(?:src|href)="(/static/[^"]+\.js)"', html)]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = Path(finders.find(name))
        found[name] = path
        imported = re.findall(r'(?:from|import)\s*"(\.[^"]+)"', path.read_text(encoding="utf-8"))
        waiting += [str((path.parent / one).resolve().relative_to(root_of(path))) for one in imported]
    return list(found.values())


def root_of(path: Path) -> Path:
    return next(parent for parent in path.parents if parent.name == "static")


def test_an_empty_board_with_style_and_scripts_is_light(engineer: Client):
    html = engineer.get("/").content
    files = scripts(html.decode())
    assert len(files) > 5
    weight = packed(html) + len(stylesheet().packed) + sum(packed(path.read_bytes()) for path in files)
    assert weight < PAGE_LIMIT, weight


def test_a_row_is_light(engineer: Client):
    for number in range(10):
        Trouble(f"Customer number {number}", number).pages(
            30 + number, f"Trouble {number * 7919} of theirs"
        ).acknowledged(20)
    ten = packed(engineer.get("/").content)
    for number in range(10, 40):
        Trouble(f"Customer number {number}", number).pages(
            30 + number, f"Trouble {number * 7919} of theirs"
        ).acknowledged(20)
    assert (packed(engineer.get("/").content) - ten) / 30 < ROW_LIMIT


def test_an_empty_board_says_what_to_do_next(engineer: Client):
    html = engineer.get("/").content.decode()
    assert "No open emergency" in html
    assert "appears here by itself" in html
    assert "Nothing is owed by you" in html
    assert "<script>" not in html
    assert "style=" not in html


def test_hostile_names_are_shown_as_they_are_written(engineer: Client):
    hostile = '<script>alert("x")</script>'
    trouble = Trouble(hostile, 5).pages(3, "</title><img src=x onerror=alert(1)>").acknowledged(2)
    for address in ("/", f"/emergencies/{trouble.row.public_id}/", "/?q=alert"):
        html = engineer.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;alert" in html


@pytest.mark.parametrize("rows", [1, 50])
def test_the_board_makes_a_fixed_number_of_queries(engineer: Client, django_assert_num_queries, rows):
    engineer.get("/")
    for number in range(rows):
        Trouble(f"Customer {number}", number).pages(30, "Trouble").acknowledged(20)
    with django_assert_num_queries(BOARD_QUERIES):
        assert engineer.get("/").content.count(b'<li class="row"') == rows


BOARD_QUERIES = 9
"""Session, person, groups; emergencies, people, closed; the tray, when it is empty; one's own; freshness."""


def test_a_page_by_hand_is_found_tied_or_put_aside(engineer: Client, shadow: Client, person_of):
    by_hand("QTIE"), by_hand("QCALL"), by_hand("QTEST")
    assert engineer.get("/").content.count(b"Say what it is") == 3
    assert "It calls a colleague" in engineer.get("/tray/QCALL/").content.decode()
    assert "formaction" not in shadow.get("/tray/QCALL/").content.decode().partition("<main")[2].partition("</main")[0]
    assert shadow.post("/tray/QCALL/aside/", {"why": "x"}).status_code == 403
    engineer.post("/tray/QCALL/aside/", {"why": "It calls a colleague (PAGE-13)."})
    refused = engineer.post("/tray/QTEST/aside/", {"why": " "}, follow=True)
    assert "Say in a few words" in refused.content.decode()
    engineer.post("/tray/QTIE/tie/", {"ticket": "#512777", "account": "global"})
    left = engineer.get("/").content.decode()
    assert left.count("Say what it is") == 1
    assert engineer.get("/tray/QCALL/").status_code == 404
    assert engineer.post("/tray/QCALL/aside/", {"why": "again"}).status_code == 404


def test_words_that_were_found_are_marked_and_escaped(engineer: Client):
    trouble = Trouble("Northwind Robotics", 1).pages(34, "Gitaly storage full").acknowledged(32)
    trouble.noted(20, body='cruft "quoted" & <i class=x>cruft')
    html = engineer.get("/?q=cruft").content.decode()
    assert "<mark>cruft</mark>" in html
    assert "<i class=x>" not in html
    assert "&quot;quoted&quot; &amp;" in html


class TestTheEvening:
    """Tests that read the same evening."""

    def test_a_filter_that_nothing_fits_says_how_to_see_all(self, engineer: Client, troubles):
        html = engineer.get("/?region=APAC").content.decode()
        assert "Nothing fits this filter" in html
        assert "Halden Bank" not in html[html.index('id="queue"') :]

    def test_ones_own_next_step_stands_on_top(self, second: Client, troubles):
        html = second.get("/?stage=waiting").content.decode()
        own = html[html.index('id="own-board"') : html.index('class="filters"')]
        assert "Acknowledge the page: Halden Bank" in own
        assert own.count('data-kind="primary"') == 1

    def test_a_shadow_is_asked_for_nothing_and_offered_nothing(self, shadow: Client, troubles):
        html = shadow.get("/").content.decode()
        assert "You follow along" in html
        assert 'data-kind="primary"' not in html

    def test_mine_is_what_i_am_dri_of(self, engineer: Client, troubles):
        html = engineer.get("/?dri=me").content.decode()
        queue = html[html.index('id="queue"') :]
        assert "Northwind Robotics" in queue
        assert "Corvid Payments" in queue
        assert "Atlas Freight" not in queue
        assert 'content="freshness here watch tray board:dri=engineer%40demo.example"' in html

    def test_search_answers_with_rows(self, engineer: Client, troubles):
        html = engineer.get("/?q=cruft").content.decode()
        assert "Found for “cruft”" in html
        assert "Northwind Robotics" in html
        assert "Nothing found" in engineer.get("/?q=zzzz").content.decode()

    def test_the_uncleared_see_nothing_of_us_gov_anywhere(self, engineer: Client, troubles):
        for address in ("/", "/?region=US_GOV", "/?q=tides", "/closed/", "/own/board/"):
            html = engineer.get(address).content.decode().partition('<aside class="demo-bar"')[0]
            assert "Tides" not in html, address
            assert "US Gov" not in html, address

    def test_an_unseen_emergency_is_the_same_as_one_that_is_not_there(
        self, engineer: Client, cleared: Client, troubles
    ):
        hidden = troubles["gov"].row.public_id
        assert cleared.get(f"/emergencies/{hidden}/").status_code == 200
        answers = [engineer.get(f"/emergencies/{id}/") for id in (hidden, "a" * 12)]
        assert [answer.status_code for answer in answers] == [404, 404]
        bodies = [answer.content.replace(hidden.encode(), b"a" * 12) for answer in answers]
        unseen, unknown = [re.sub(rb'(content|value)="[A-Za-z0-9]{64}"', b"a form token", body) for body in bodies]
        assert unseen == unknown

    @pytest.mark.parametrize("act", ["acknowledge", "resolve", "reply", "link", "draft", "looked", "dismiss"])
    def test_nothing_can_be_done_to_what_one_may_not_see(self, engineer: Client, troubles, act):
        hidden = troubles["gov"].row.public_id
        assert engineer.post(f"/emergencies/{hidden}/{act}/", {"audience": "public", "text": "x"}).status_code == 404

    def test_closed_emergencies_have_a_page(self, engineer: Client, troubles):
        html = engineer.get("/closed/").content.decode()
        assert "Marl Retail" in html
        assert "after 1 h 20 m" in html
        assert engineer.get("/closed/?before=nonsense").status_code == 200
        assert "Nothing was closed yet" in engineer.get("/closed/?before=2020-01-01T00:00:00Z").content.decode()
