"""The same against the sandbox itself: its control address understands what the demo tells it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests

from ceoc import clock
from ceoc.demo import playing, resets, shared_clock
from tests.sandbox_process import SandboxProcess, running_sandbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_time")]

NEW_YORK = ZoneInfo("America/New_York")
CLOSE = timedelta(seconds=5)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    """A sandbox of this file's own."""
    with running_sandbox() as box:
        yield box


@pytest.fixture(autouse=True)
def reached(sandbox: SandboxProcess, settings, monkeypatch) -> None:
    """The product talks to it, and has nothing of its own to empty."""
    settings.SANDBOX_URL = sandbox.url
    monkeypatch.setattr(resets, "_parts", [])


def there(sandbox: SandboxProcess) -> dict[str, object]:
    return requests.get(f"{sandbox.url}/", timeout=5).json()


def sandbox_now(sandbox: SandboxProcess) -> datetime:
    return datetime.fromisoformat(str(there(sandbox)["now"]).replace("Z", "+00:00"))


def test_it_offers_the_six_scenarios() -> None:
    assert {one.name for one in playing.sandbox_control.scenarios()} == {
        "quiet-day", "single-page", "two-at-once", "apac-weekend", "us-gov-off-hours", "burst",
    }  # fmt: skip


def test_both_clocks_stand_at_the_scenarios_own_hour(sandbox) -> None:
    played = playing.play("apac-weekend", wall=clock.wall())

    assert played.starts_at.astimezone(NEW_YORK).month in (1, 7)
    assert abs(clock.now() - played.starts_at) < CLOSE
    assert abs(sandbox_now(sandbox) - clock.now()) < CLOSE
    assert there(sandbox)["scenario"]


def test_playing_it_again_gives_the_same_date(sandbox) -> None:
    first = playing.play("apac-weekend", wall=clock.wall())
    again = playing.play("apac-weekend", wall=clock.wall())

    assert first.starts_at == again.starts_at


def test_a_faster_pace_is_felt_there_too(sandbox) -> None:
    playing.play("quiet-day", wall=clock.wall())
    playing.run_clock(wall=clock.wall(), rate=60)

    assert there(sandbox)["rate"] == 60
    assert abs(sandbox_now(sandbox) - clock.now()) < CLOSE * 60
    assert shared_clock.scenario() in ("", "quiet-day")
