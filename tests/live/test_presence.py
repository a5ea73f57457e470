"""Who looks and who follows: kept in Redis for a while, announced where it shows something new, unknown without it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.conf import settings as django_settings

from ceoc.access.viewer import Viewer
from ceoc.live import following, memory, presence
from ceoc.live.presence import Look

NOW = datetime(2026, 7, 14, 16, 42, tzinfo=UTC)
MIRA = Viewer(1, "engineer@demo.example", "Mira Okafor", "engineer", False, "UTC")
AYO = Viewer(2, "shadow@demo.example", "Ayo Bright", "shadow", False, "UTC")
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def nobody_here():
    client = redis.Redis.from_url(django_settings.REDIS_URL)
    client.delete(presence.KEY, following.KEY)
    yield client
    client.delete(presence.KEY, following.KEY)
    client.close()


@pytest.fixture(autouse=True)
def announced(monkeypatch, db):
    """What was announced, as (topics, class)."""
    heard = []
    for module in (presence, following):
        monkeypatch.setattr(module, "announce", lambda topics, klass: heard.append((list(topics), klass)))
    return heard


def a_look(tab="tab-aaaa", place="p1", klass="global", **said) -> Look:
    return Look(tab, place, klass, **said)


def places(at=NOW):
    return [(one.place, one.email, one.writing) for one in presence.lookers(at) or ()]


def test_who_turns_to_a_place_is_there_and_that_is_announced_to_its_class(announced):
    presence.look(MIRA, a_look(klass="us_gov", turned=True), NOW)
    assert places() == [("p1", MIRA.email, "")]
    assert announced == [(["here:p1"], "us_gov")]


def test_being_told_again_prolongs_it_and_announces_nothing(announced):
    presence.look(MIRA, a_look(turned=True), NOW)
    announced.clear()
    later = NOW + timedelta(seconds=40)
    presence.look(MIRA, a_look(), later)
    assert announced == []
    assert places(later + timedelta(seconds=40)) == [("p1", MIRA.email, "")]
    assert [one.at for one in presence.lookers(later)] == [NOW.timestamp()]


def test_turning_to_it_again_is_later_than_the_first_time(announced):
    presence.look(MIRA, a_look(turned=True), NOW)
    presence.look(MIRA, a_look(turned=True), NOW + timedelta(seconds=9))
    assert [one.at for one in presence.lookers(NOW)] == [NOW.timestamp() + 9]
    assert len(announced) == 2


def test_who_writes_is_told_once_until_they_stop(announced):
    presence.look(MIRA, a_look(turned=True), NOW)
    for writing in ("public", "public", ""):
        presence.look(MIRA, a_look(writing=writing), NOW)
    assert len(announced) == 3


@pytest.mark.parametrize("seconds", [presence.LASTS, presence.LASTS + 1])
def test_who_falls_silent_is_not_there_any_more(seconds):
    presence.look(MIRA, a_look(turned=True), NOW)
    assert places(NOW + timedelta(seconds=presence.LASTS - 0.1)) != []
    assert places(NOW + timedelta(seconds=seconds)) == []


def test_who_was_silent_for_long_and_speaks_again_turns_to_it_anew(announced):
    presence.look(MIRA, a_look(turned=True), NOW)
    presence.look(MIRA, a_look(), NOW + timedelta(seconds=60))
    assert len(announced) == 2
    assert [one.at for one in presence.lookers(NOW + timedelta(seconds=61))] == [NOW.timestamp() + 60]


def test_the_sweep_takes_the_silent_away_and_says_so_once(announced, nobody_here):
    presence.look(MIRA, a_look(turned=True, klass="us_gov"), NOW)
    announced.clear()
    assert presence.expire(NOW) == 0
    assert [presence.expire(NOW + timedelta(seconds=60)) for _ in range(2)] == [1, 0]
    assert announced == [(["here:p1"], "us_gov")]
    assert nobody_here.hlen(presence.KEY) == 0


def test_leaving_is_announced_and_leaves_the_other_tabs(announced):
    presence.look(MIRA, a_look(turned=True), NOW)
    presence.look(MIRA, a_look("tab-bbbb", "p2", turned=True), NOW)
    announced.clear()
    for _ in range(2):
        presence.leave(MIRA, a_look())
    assert places() == [("p2", MIRA.email, "")]
    assert announced == [(["here:p1"], "global")]


def test_nobody_speaks_for_anothers_tab():
    presence.look(MIRA, a_look(turned=True), NOW)
    presence.leave(AYO, a_look())
    presence.look(AYO, a_look(turned=True), NOW)
    assert sorted(email for _, email, _ in places()) == [MIRA.email, AYO.email]


def test_a_class_that_changed_is_announced_anew(announced):
    presence.look(MIRA, a_look(turned=True, klass="us_gov"), NOW)
    presence.look(MIRA, a_look(klass="global"), NOW)
    assert announced[-1] == (["here:p1"], "global")


def test_of_very_many_tabs_the_latest_count():
    for number in range(presence.MOST_TABS + 5):
        presence.look(MIRA, a_look(f"tab-{number:04}", turned=True), NOW + timedelta(seconds=number))
    assert len(presence.lookers(NOW + timedelta(seconds=20))) == presence.MOST_TABS


def test_nothing_of_it_stays_in_redis_for_ever(nobody_here):
    presence.look(AYO, a_look(turned=True), NOW)
    following.follow(AYO, MIRA.email, MIRA.name, NOW)
    assert 0 < nobody_here.ttl(presence.KEY) <= 2 * presence.LASTS
    assert 0 < nobody_here.ttl(following.KEY) <= 2 * following.LASTS


def test_without_redis_nobody_is_there_nothing_breaks_and_pages_are_told_so(settings, announced):
    settings.REDIS_URL = NOWHERE
    presence.look(MIRA, a_look(turned=True), NOW)
    presence.look(MIRA, a_look(), NOW)
    presence.leave(MIRA, a_look())
    assert presence.lookers(NOW) is None
    assert presence.expire(NOW) == following.expire(NOW) == 0
    assert announced == [(["here:p1"], "global")] * 3
    assert not following.follow(AYO, MIRA.email, MIRA.name, NOW)
    assert following.of(AYO, NOW) is None
    assert following.everybody(NOW) == []


def test_what_does_not_answer_is_not_asked_again_at_once(monkeypatch):
    asked = []

    def work(client):
        asked.append(client)
        raise redis.ConnectionError

    there = memory.Memory(NOWHERE)
    assert [there.ask(work) for _ in range(3)] == [None] * 3
    assert len(asked) == 1


def test_a_shadow_follows_one_person_pauses_goes_on_and_stops(announced):
    following.follow(AYO, "second@demo.example", "Theo Lindqvist", NOW)
    following.follow(AYO, MIRA.email, MIRA.name, NOW)
    assert [(one.email, one.by_name, one.paused) for one in following.everybody(NOW)] == [
        (MIRA.email, "Ayo Bright", False)
    ]
    following.pause(AYO, True, NOW)
    assert following.of(AYO, NOW).paused
    following.pause(AYO, False, NOW)
    assert not following.of(AYO, NOW).paused
    following.stop(AYO)
    assert following.of(AYO, NOW) is None
    assert announced == [(["following", "person:2"], "global")] * 5


def test_following_ends_when_the_browser_tells_no_more_of_it(announced):
    following.follow(AYO, MIRA.email, MIRA.name, NOW)
    later = NOW + timedelta(seconds=100)
    assert following.beat(AYO, later)
    assert following.of(AYO, later + timedelta(seconds=100)) is not None
    announced.clear()
    end = later + timedelta(seconds=following.LASTS)
    assert following.of(AYO, end) is None
    assert not following.beat(AYO, end)
    assert following.expire(end) == 1
    assert announced == [(["following", "person:2"], "global")]


def test_what_is_not_followed_is_neither_paused_nor_stopped(announced):
    following.stop(AYO)
    assert not following.pause(AYO, True, NOW)
    assert announced == []
