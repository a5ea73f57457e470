"""Time is a tick: late is marked late once, whenever we look, and a tick that changes nothing does not happen."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from emergencies import models
from emergencies.timeline.record import record
from emergencies.timeline.tick import tick
from tests.emergencies.saying import acknowledged, created, organisation, replied, resolved, rings
from tests.emergencies.telling import clock

pytestmark = pytest.mark.django_db


def begun(*more, now="16:20:05"):
    record(sightings=[rings("16:20"), created("16:20"), organisation(), *more], now=clock(now))
    return models.Emergency.objects.get()


@pytest.mark.rule("PAGE-2")
def test_what_becomes_late_is_shown_once_however_late_we_look():
    emergency = begun()
    assert emergency.next_change_at == clock("16:22")
    assert tick(clock("16:21:59")) == 0
    assert tick(clock("19:00")) == 1
    assert tick(clock("19:00:05")) == 0
    lines = models.JudgementLog.objects.order_by("at", "id").values_list("by", "late")
    assert list(lines) == [("record", []), ("tick", ["acknowledge"])]


@pytest.mark.rule("PAGE-2", "PAGE-7")
def test_every_tick_that_is_due_changes_something():
    begun(acknowledged("16:21"), now="16:21:05")
    assert models.Emergency.objects.get().next_change_at == clock("16:50")
    assert tick(clock("16:50")) == 1
    assert models.Emergency.objects.get().next_change_at is None


def test_a_tick_of_an_emergency_without_a_next_moment_does_nothing(django_assert_num_queries):
    begun(acknowledged("16:21"), replied("16:22"), resolved("16:23"), now="16:24")
    with django_assert_num_queries(1):
        assert tick(clock("23:00")) == 0


@pytest.mark.rule("PAGE-9")
def test_the_half_minute_of_grace_after_a_resolve_runs_out_by_tick():
    begun(acknowledged("16:21"), resolved("16:22"), now="16:22:05")
    assert tick(clock("16:22:30")) == 1
    kinds = [warning["kind"] for warning in models.Emergency.objects.get().warnings]
    assert kinds == ["resolved_before_contact"]


def test_the_projection_is_checked_against_a_fresh_fold_and_mended():
    emergency = begun(acknowledged("16:21"))
    out = StringIO()
    call_command("project", "--check", stdout=out)
    assert "1 emergencies folded, 0 differ" in out.getvalue()
    models.Emergency.objects.filter(pk=emergency.pk).update(stage="waiting", dri="theo@demo.example")
    with pytest.raises(CommandError, match="not what the timelines say"):
        call_command("project", "--check", stdout=out)
    assert f"{emergency.public_id} stage: stored 'waiting', fresh 'reviewing'" in out.getvalue()
    call_command("project", stdout=StringIO())
    call_command("project", "--check", stdout=StringIO())


@pytest.mark.parametrize("later", ["16:23", "17:00", "2026-07-02 00:00", "2026-12-31 23:59:59"])
def test_the_check_does_not_depend_on_now(later):
    begun()
    tick(clock(later))
    call_command("project", "--check", stdout=StringIO())
