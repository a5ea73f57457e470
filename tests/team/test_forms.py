"""What is typed: the value that it makes, or what is wrong at which input."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ceoc.team import checks, diff, forms, kinds
from ceoc.team.kinds import Field
from emergencies.pages.settings import KINDS, check_channels
from emergencies.policy.channels import Channel, Channels
from tests.team.kinds_of_tests import ROOM, Room, Seat

TYPED = {"rest": "5", "seats-0-was": "First", "seats-0-name": "First", "seats-0-colour": "red"}
THRESHOLDS = next(kind for kind in KINDS if kind.name == "thresholds")
LINKS = next(kind for kind in KINDS if kind.name == "links")


def read(**typed):
    return forms.value_of(ROOM, forms.typed_from(ROOM, TYPED | typed))


@pytest.mark.parametrize("kind", [ROOM, *KINDS], ids=lambda kind: kind.name)
def test_what_stands_goes_through_its_form_and_its_row_unchanged(kind):
    typed = forms.typed_of(kind, kind.default)
    assert forms.value_of(kind, forms.typed_from(kind, typed)) == (kind.default, {})
    assert kinds.read(kind, kind.shape, kinds.write(kind.default)) == kind.default


def test_a_row_is_added_renamed_and_removed():
    added = {"seats-1-name": " Second ", "seats-1-colour": "", "seats-1-locked": "on"}
    assert read(**added)[0].seats == (Seat(name="First", colour="red"), Seat(name="Second", locked=True))
    assert read(**{"seats-0-name": "Front"})[0].seats == (Seat(name="Front", colour="red"),)
    assert read(**{"seats-0-remove": "on"})[0].seats == ()
    assert read(**{"seats-3-colour": "red"})[0].seats == (Seat(name="First", colour="red"),), "an empty row is no row"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        pytest.param({"rest": "0"}, {"rest": "Write a whole number of minutes from 1 to 60."}, id="below"),
        pytest.param({"rest": "61"}, {"rest": "Write a whole number of minutes from 1 to 60."}, id="above"),
        *(
            pytest.param({"rest": text}, {"rest": "Write a whole number of minutes from 1 to 60."}, id=text or "empty")
            for text in ("", "-5", "five", "5.5", "٥", "1e1", "9" * 400)
        ),
        pytest.param({"seats-0-colour": "pink"}, {"seats-0-colour": "Choose one of these."}, id="no such choice"),
        pytest.param(
            {"seats-0-name": ""}, {"seats-0-name": "Write the name of this seat, or tick Remove."}, id="no name"
        ),
        pytest.param({"seats-0-name": "x" * 21}, {"seats-0-name": "This is longer than 20 characters."}, id="too long"),
        pytest.param(
            {"seats-1-name": "FIRST", "seats-1-colour": ""}, {"seats-1-name": "FIRST stands here twice."}, id="twice"
        ),
        pytest.param(
            {"seats-0-name": "Fi\u202erst"},
            {"seats-0-name": "This holds characters that nobody can see. Type it anew."},
            id="turned around",
        ),
    ],
)
def test_bad_input_is_said_at_its_input(typed, wrong):
    value, errors = read(**typed)
    assert (value, errors) == (None, wrong)
    shown = forms.form(ROOM, TYPED | typed, errors)
    inputs = [*shown.inputs, *(one for grid in shown.grids for row in grid.rows for one in row.inputs)]
    assert {one.name: one.error for one in inputs if one.error} == wrong
    assert shown.wrong == 1


def test_what_nobody_asked_for_is_not_carried_along():
    sent = {"rest": "5", "do": "save", "seats-0-owner": "x", "seats-500-name": "x"}
    assert forms.typed_from(ROOM, sent) == {"rest": "5"}
    assert len(forms.typed_from(ROOM, {"seats-0-name": "x" * 9_000})["seats-0-name"]) == forms.LONGEST


@pytest.mark.parametrize(
    ("name", "least", "most"), [("at_once", 1, 30), ("first_reply", 5, 240), ("apart", 0, 300)]
)  # fmt: skip
def test_thresholds_have_bounds(name, least, most):
    for number, fits in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
        _, errors = forms.value_of(THRESHOLDS, forms.typed_of(THRESHOLDS, THRESHOLDS.default) | {name: str(number)})
        assert (name not in errors) is fits


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/", "http://a.example:8080/x?y=1#z", "https://127.0.0.1/", "https://a.example/{ticket}",
        "https://a.example/?t={ticket}&p={page}",
    ],
)  # fmt: skip
def test_addresses_that_a_browser_may_open(text):
    assert checks.address(text, frozenset({"ticket", "page"})) == ""


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "ftp://a.example/", "//a.example/",
        "a.example",
        "https://", "https:///x", "https://a b.example/", "https://a.example/ x", "https://me:pw@a.example/",
        "https://a..example/", "https://-a.example/", "https://a.example:99999/", "https://a.example:0/",
        "https://{ticket}.example/", "https://a.example:{ticket}/", "https://a.example/{other}", "https://a.example/{",
        "https://a.example/{ticket.__class__}", "https://a.example/{}", "https://[::1", "java\tscript:alert(1)",
        "https://a.example/\u202e", "{ticket}",
    ],
)  # fmt: skip
def test_addresses_that_it_may_not(text):
    assert checks.address(text, frozenset({"ticket"})) != ""
    typed = forms.typed_of(LINKS, LINKS.default) | {"links-0-address": text}
    assert "links-0-address" in forms.value_of(LINKS, typed)[1]


@pytest.mark.parametrize(("text", "fits"), [("spt_us-government", True), ("a", True), ("日本", True), ("x" * 81, False),
    ("#support", False), ("Support", False), ("two words", False), ("a.b", False), ("", False)])  # fmt: skip
def test_channels_are_named_as_slack_names_them(text, fits):
    assert (checks.channel(text) == "") is fits


def test_threads_need_one_channel_each_and_us_governments_is_cleared():
    used = [Channel(name="sm", purpose="self_managed"), Channel(name="com", purpose="gitlab_com")]
    open_one, gov = Channel(name="gov", purpose="us_gov"), Channel(name="gov", purpose="us_gov", cleared=True)
    assert check_channels(Channels(channels=(*used, gov))) == {}
    assert check_channels(Channels(channels=(*used, open_one))) == {
        "channels:gov:cleared": "US Government's threads need a channel that is cleared."
    }
    twice = Channels(channels=(*used, gov, Channel(name="also", purpose="self_managed")))
    assert list(check_channels(twice)) == ["channels:also:purpose"]
    assert list(check_channels(Channels(channels=tuple(used)))) == ["channels::purpose"]


def test_errors_of_a_row_stand_where_the_row_was_typed():
    typed = {"seats-2-was": "Old: name", "seats-2-name": "New", "seats-5-name": "Other: one"}
    errors = {"seats:Old: name:colour": "a", "seats:Other: one:locked": "b", "seats::colour": "c", "rest": "d"}
    assert forms.placed(ROOM, typed, errors) == {
        "seats-2-colour": "a", "seats-5-locked": "b", "seats-0-colour": "c", "rest": "d",
    }  # fmt: skip


def test_a_change_is_told_in_words():
    after = Room(rest=timedelta(minutes=1), seats=(Seat(name="Second", locked=True),))
    assert [(line.words, line.was, line.will, line.how) for line in diff.lines(ROOM, Room(), after)] == [
        ("Rest", "5 minutes", "1 minute", "changed"),
        ("Seat First", "Red, not locked", "", "removed"),
        ("Seat Second", "", "None, locked", "added"),
    ]
    assert diff.words(Field(name="x", words="x"), "text") == "text"
