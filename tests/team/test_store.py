"""Versions of settings: what stands, what stood, what cannot be read, and who came first."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from ceoc.access.models import AccessLog
from ceoc.live import heard
from ceoc.team import change, kinds, queries, store
from ceoc.team.change import Outrun, Refused
from ceoc.team.consequences import follow
from ceoc.team.models import Consequence, Version
from tests.team.kinds_of_tests import Room, Seat

pytestmark = pytest.mark.django_db

T = datetime(2026, 7, 14, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONG, LONGER = Room(rest=timedelta(minutes=10)), Room(rest=timedelta(minutes=20))


def save(kind, value, by, *, base=0, at=T, why="We sit too long."):
    return change.change(kind, value, base=base, by=by, why=why, now=at)


def put(kind, number, value, shape=3):
    """A row as another version of the product might have written it."""
    Version.objects.create(
        kind=kind.name, number=number, shape=shape, value=value, valid_from=T, by="x@y.example", why="x"
    )
    store.forget()


def test_the_default_stands_until_somebody_changes_it(room, ines):
    assert store.current("room") == store.current("room", T) == Room()
    assert change.standing(room) == change.Standing(0, Room())


def test_what_stood_at_any_instant_can_be_asked(room, ines):
    save(room, LONG, ines)
    save(room, LONGER, ines, base=1, at=T + 60 * SECOND)
    stood = [store.current("room", T + offset) for offset in (-SECOND, 0 * SECOND, 59 * SECOND, 60 * SECOND)]
    assert stood == [Room(), LONG, LONG, LONGER]
    assert store.current("room") == LONGER


def test_a_version_tells_who_when_and_why_and_is_audited(room, ines):
    made = save(room, LONG, ines, why="  Ada asked for it. ")
    assert (made.number, made.by, made.why, made.valid_from) == (1, ines.email, "Ada asked for it.", T)
    line = AccessLog.objects.get(kind="setting_changed")
    assert (line.email, line.path, line.reason, line.klass) == (ines.email, "/settings/room/", "version 1", "global")


def test_undoing_is_a_version_of_its_own_and_can_be_undone(room, ines):
    save(room, LONG, ines)
    undone = change.undo(room, 1, by=ines, now=T + SECOND)
    assert (undone.undoes, undone.why, store.current("room")) == (1, "Undoes version 1: We sit too long.", Room())
    change.undo(room, 2, by=ines, now=T + 2 * SECOND)
    assert store.current("room") == LONG
    assert [one.undoes for one in queries.history(room).made] == [2, 1, None]


def test_only_the_newest_version_is_undone(room, ines):
    save(room, LONG, ines)
    save(room, LONGER, ines, base=1)
    with pytest.raises(Outrun):
        change.undo(room, 1, by=ines, now=T)
    with pytest.raises(Outrun):
        change.undo(room, 7, by=ines, now=T)
    assert store.current("room") == LONGER


@pytest.mark.parametrize("who", ["engineer", "shadow"])
def test_whoever_may_not_manage_changes_nothing(room, viewer_of_role, who):
    with pytest.raises(Refused, match="Only managers"):
        save(room, LONG, viewer_of_role(who))
    assert Version.objects.count() == 0


@pytest.mark.parametrize(
    ("value", "why", "says"),
    [(Room(), "Because.", "Nothing is different"), (LONG, "  ", "Say why"), (LONG, "x" * 501, "longer than 500")],
)
def test_a_change_needs_a_reason_and_a_difference(room, ines, value, why, says):
    with pytest.raises(Refused, match=says):
        save(room, value, ines, why=why)
    assert Version.objects.count() == 0


def test_the_second_of_two_is_told_that_somebody_was_first(room, ines, noor):
    save(room, LONG, ines)
    with pytest.raises(Outrun):
        save(room, LONGER, noor)
    assert store.current("room") == LONG
    news = queries.meanwhile(room, 0)
    assert (news.by, news.why, [line.words for line in news.lines]) == (("Ines Calder",), "We sit too long.", ["Rest"])
    assert queries.meanwhile(room, 1) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_saved(room, ines, noor):
    both, ended = threading.Barrier(2), []

    def press(value, by):
        both.wait()
        try:
            save(room, value, by)
            ended.append("saved")
        except Outrun:
            ended.append("outrun")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in ((LONG, ines), (LONGER, noor))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["outrun", "saved"]
    assert Version.objects.count() == 1


def test_what_is_kept_is_never_changed_or_deleted(room, ines):
    save(room, LONG, ines)
    for attempt in (Version.objects.filter(number=1).delete, lambda: Version.objects.update(why="Nothing.")):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            attempt()


def test_an_older_form_is_read_through_every_step_in_between(room):
    put(room, 1, {"rest_minutes": 7, "seats": [{"name": "Old"}]}, shape=1)
    assert store.current("room") == Room(rest=timedelta(minutes=7), seats=(Seat(name="Old"),))


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (3, {"rest": "soon"}), (3, []), (3, "text"), (3, {"seats": [{"colour": "red"}]}), (2, {"seats": []}),
        (0, {}), (1, {}), (1, {"rest_minutes": None, "seats": []}),
    ],
)  # fmt: skip
def test_what_cannot_be_read_does_not_count_and_is_said(room, manager, shape, value):
    put(room, 1, value, shape)
    assert store.current("room") == Room()
    page = manager.get("/settings/room/")
    assert "Version 1 was written in a form that this dashboard cannot read." in page.content.decode()
    assert "cannot read" in manager.get("/settings/").content.decode()


def test_what_could_be_read_before_counts_in_its_place_and_a_new_version_mends_it(room, ines):
    save(room, LONG, ines)
    put(room, 2, {"rest": "soon"})
    assert store.current("room") == LONG
    save(room, LONGER, ines, base=2)
    assert store.current("room") == LONGER
    assert [one.unread for one in queries.history(room).made] == [False, True, False]


def test_a_kind_that_is_gone_is_passed_over(room, ines):
    Version.objects.create(kind="gone", number=1, value={}, valid_from=T, by="x@y.example", why="x")
    store.forget()
    assert store.current("room") == Room()


def test_what_a_process_keeps_is_asked_for_again_when_it_was_told_and_when_it_must_be_sure(room, ines):
    with transaction.atomic():
        save(room, LONG, ines)
    store.remember([], 60)  # as a process that has not heard yet
    assert store.current("room") == Room()
    assert store.standing("room", sure=True)[-1][1] == LONG
    store.remember([], 60)
    heard.pass_on({"settings"}, everything=False)
    assert store.current("room") == LONG
    store.remember([], 60)
    heard.pass_on({"board"}, everything=False)
    assert store.current("room") == Room()
    heard.pass_on(set(), everything=True)
    assert store.current("room") == LONG
    store.remember([], 0)
    assert store.current("room") == LONG


def test_asking_costs_nothing_most_of_the_time(room, ines, django_assert_num_queries):
    save(room, LONG, ines)
    with django_assert_num_queries(1):
        store.current("room")
    with django_assert_num_queries(0):
        store.current("room", T)
        store.current("thresholds")
    with django_assert_num_queries(1):
        store.standing("room", sure=True)


def test_what_follows_is_done_for_the_newest_version_alone_and_goes_on_where_it_stopped(room, ines):
    told: list[int] = []

    def step(through, now):
        told.append(through)
        if len(told) == 2:
            raise RuntimeError("the process died")
        return through + 10 if through < 20 else None

    kinds.register(room, step)
    save(room, LONG, ines)
    save(room, LONGER, ines, base=1)
    with pytest.raises(RuntimeError):
        follow(T)
    assert told == [0, 10]
    assert follow(T) == 2
    assert told == [0, 10, 10, 20]
    assert follow(T) == 0
    assert set(Consequence.objects.values_list("done", flat=True)) == {True}
    assert Consequence.objects.count() == 2
