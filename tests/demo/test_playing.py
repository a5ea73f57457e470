"""Playing a scenario and running the clock: in which order the product, the sandbox and the pages are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from ceoc import clock
from ceoc.demo import playing, resets, shared_clock
from ceoc.demo.sandbox_control import SandboxUnavailable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_time")]

APAC = datetime(2026, 7, 11, 2, 30, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The topics that were announced."""
    heard: list[str] = []
    for module in (playing, shared_clock):
        monkeypatch.setattr(module, "announce", lambda topics, klass: heard.extend(topics))
    return heard


def test_a_scenario_starts_over_on_its_own_date(control, emptied, announced) -> None:
    played = playing.play("apac-weekend", wall=clock.wall())

    assert (played.name, played.starts_at) == ("apac-weekend", APAC)
    assert [path for path, _ in control.changes()] == ["/reset", "/clock", "/clock", "/scenarios/apac-weekend"]
    assert emptied == ["inbox", "timeline"]
    assert APAC <= clock.now() < APAC + 5 * SECOND
    assert (clock.rate(), shared_clock.scenario(), announced) == (1, "apac-weekend", ["clock", "reset"])


def test_the_sandbox_is_told_the_same_line(control, emptied) -> None:
    playing.play("apac-weekend", wall=clock.wall())
    told = dict(control.changes())["/clock"]

    line = clock.line()
    assert datetime.fromisoformat(told["real_start"]) == line.real_start
    assert datetime.fromisoformat(told["demo_start"]) == APAC
    assert told["rate"] == 1


def test_nothing_happens_there_before_every_process_has_the_new_time(control, emptied, monkeypatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(shared_clock, "wait_until_felt", lambda: order.append(f"felt after {len(control.changes())}"))
    playing.play("quiet-day", wall=clock.wall())

    assert order == ["felt after 2"]  # the reset and real time; the new time and the acts come later


def test_its_date_is_asked_for_at_real_time_so_that_playing_again_gives_the_same(control, emptied) -> None:
    shared_clock.draw(at=APAC + 400 * DAY, rate=60, wall=clock.wall())
    playing.play("apac-weekend", wall=clock.wall())

    first = next(body for path, body in control.changes() if path == "/clock")
    assert (first["real_start"], first["rate"]) == (first["demo_start"], 1)
    asked = [path for _, path, _ in control.asked]
    assert "/scenarios" in asked[asked.index("/clock") : asked.index("/scenarios/apac-weekend")]


def test_kept_it_joins_what_is_there_at_the_present_time(control, emptied, announced) -> None:
    shared_clock.draw(at=APAC, rate=10, wall=clock.wall())
    playing.play("quiet-day", wall=clock.wall(), keep=True)

    ((path, told),) = control.changes()
    assert path == "/scenarios/quiet-day"
    assert APAC <= datetime.fromisoformat(told["at"]) < APAC + 60 * SECOND
    assert (told["reset"], emptied, announced) == (
        False,
        [],
        ["clock", "clock"],
    )  # as it was set here, and as its name was kept
    assert (clock.rate(), shared_clock.scenario()) == (10, "quiet-day")


def test_an_unknown_scenario_changes_nothing_and_names_what_there_is(control, emptied) -> None:
    with pytest.raises(playing.Unknown, match="quiet-day, apac-weekend"):
        playing.play("nonsense", wall=clock.wall())
    assert (control.changes(), emptied) == ([], [])


def test_a_sandbox_that_does_not_answer_leaves_everything(settings, emptied) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:1"

    with pytest.raises(SandboxUnavailable, match="does not answer"):
        playing.play("quiet-day", wall=clock.wall())
    assert emptied == []
    assert abs(clock.now() - clock.wall()) < SECOND


def test_a_sandbox_that_refuses_says_so(control, emptied) -> None:
    control.refuses["/reset"] = 500

    with pytest.raises(SandboxUnavailable, match=r"refused \(500\)"):
        playing.play("quiet-day", wall=clock.wall())
    assert emptied == []


def test_only_a_demo_is_emptied(settings, emptied) -> None:
    settings.DEMO = False

    with pytest.raises(RuntimeError):
        resets.empty()
    assert emptied == []


def test_emptying_is_all_or_nothing(person_of) -> None:
    def breaks() -> None:
        raise ZeroDivisionError

    person = person_of("engineer")
    before = list(resets._parts)
    resets._parts[:] = [person.delete, breaks]
    try:
        with pytest.raises(ZeroDivisionError):
            resets.empty()
    finally:
        resets._parts[:] = before
    assert type(person).objects.filter(email=person.email).exists()


class TestTheClockCommand:
    """`manage.py demo_clock`."""

    def test_sets_time_and_pace_and_tells(self, control, announced, capsys) -> None:
        call_command("demo_clock", "--at", "2026-01-10T22:00:00-05:00", "--rate", "60")

        start = datetime(2026, 1, 11, 3, tzinfo=UTC)
        assert start <= clock.now() < start + 600 * SECOND
        assert [path for path, _ in control.changes()] == ["/clock"]
        assert announced == ["clock"]
        assert "60 times real time" in capsys.readouterr().out

    def test_a_pace_alone_keeps_the_time(self, control, announced, capsys) -> None:
        shared_clock.draw(at=APAC, rate=1, wall=clock.wall())
        call_command("demo_clock", "--rate", "10")

        assert APAC <= clock.now() < APAC + 60 * SECOND
        assert clock.rate() == 10

    def test_without_arguments_it_only_says(self, control, announced, capsys) -> None:
        call_command("demo_clock")

        assert (control.changes(), announced) == ([], [])
        assert "1 times real time" in capsys.readouterr().out

    @pytest.mark.parametrize("arguments", [["--at", "tomorrow"], ["--rate", "0"], ["--rate", "1000"]])
    def test_what_makes_no_sense_is_refused(self, control, arguments: list[str]) -> None:
        with pytest.raises(CommandError):
            call_command("demo_clock", *arguments)
        assert control.changes() == []

    def test_stands_when_the_sandbox_does_not_answer(self, settings, capsys) -> None:
        settings.SANDBOX_URL = "http://127.0.0.1:1"
        call_command("demo_clock", "--at", "2026-07-11T02:30:00")

        assert APAC <= clock.now() < APAC + 5 * SECOND
        assert "the sandbox was not told" in capsys.readouterr().err


class TestTheScenarioCommand:
    """`manage.py scenario`."""

    def test_plays(self, control, emptied, capsys) -> None:
        call_command("scenario", "quiet-day")

        assert "quiet-day plays from 2026-07-08T13:00:00Z" in capsys.readouterr().out
        assert emptied

    def test_keeps(self, control, emptied, capsys) -> None:
        call_command("scenario", "quiet-day", "--keep")

        assert emptied == []

    def test_lists(self, control, capsys) -> None:
        call_command("scenario")

        assert "A weekend in APAC" in capsys.readouterr().out
        assert control.changes() == []

    def test_plays_the_first_one_once(self, control, emptied, capsys) -> None:
        call_command("scenario", "quiet-day", "--first")
        call_command("scenario", "apac-weekend", "--first")

        assert "quiet-day was played here already" in capsys.readouterr().out
        assert [path for path, _ in control.changes()].count("/reset") == 1

    def test_an_unknown_one_is_an_error(self, control) -> None:
        with pytest.raises(CommandError, match="There is no scenario"):
            call_command("scenario", "nonsense")

    @pytest.mark.parametrize("command", ["scenario", "demo_clock"])
    def test_outside_the_demo_there_is_none(self, settings, command: str) -> None:
        settings.DEMO = False

        with pytest.raises(CommandError, match="DEMO is off"):
            call_command(command)
