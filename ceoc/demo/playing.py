"""Plays scenarios and runs the demo's clock: what the bar and the commands do."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction

from ceoc.access.classes import GLOBAL
from ceoc.clock import Line
from ceoc.demo import resets, sandbox_control, shared_clock
from ceoc.demo.sandbox_control import Played, SandboxUnavailable, Scenario
from ceoc.live.announce import announce

OFFER_KEPT_FOR = 60.0
REFUSAL_KEPT_FOR = 3.0
"""Seconds for which a page trusts what the sandbox offered, or that it did not answer."""


class Unknown(Exception):
    """There is no scenario of that name; the text names those that there are."""


class _Offer:
    """What the sandbox offered last, and until when (monotonic seconds) that is trusted."""

    scenarios: tuple[Scenario, ...] = ()
    until: float = 0.0


def offered() -> tuple[Scenario, ...]:
    """The scenarios that can be played, kept for a minute; none while the sandbox does not answer."""
    if time.monotonic() >= _Offer.until:
        try:
            _Offer.scenarios = tuple(sandbox_control.scenarios())
            _Offer.until = time.monotonic() + OFFER_KEPT_FOR
        except SandboxUnavailable:
            _Offer.scenarios = ()
            _Offer.until = time.monotonic() + REFUSAL_KEPT_FOR
    return _Offer.scenarios


def play(name: str, *, wall: datetime, keep: bool = False) -> Played:
    """Plays a scenario on its own date and hour, from nothing. With `keep` its acts join what is there.

    Starting over empties the timeline and the sandbox, and sets the clock, at real time's pace. Open pages are told.
    Raises Unknown or SandboxUnavailable; a sandbox that does not answer at all leaves everything as it was.
    """
    scenario = _find(name)
    if keep:
        played = sandbox_control.play(name, shared_clock.read().at(wall))
        _note(name, wall)
        return played
    sandbox_control.reset()
    sandbox_control.tell_clock(shared_clock.from_offset())  # so that its date is the same, however often it is played
    scenario = _find(name)
    resets.empty()
    line = shared_clock.draw(at=scenario.starts_at, rate=1, wall=wall, scenario=name)
    shared_clock.wait_until_felt()
    sandbox_control.tell_clock(line)
    played = sandbox_control.play(name, scenario.starts_at)
    _tell_pages()
    return played


def run_clock(*, wall: datetime, at: datetime | None = None, rate: float | None = None) -> Line:
    """Sets the shared clock's time or pace, or both, which every open page is told, and tells the sandbox.

    Raises ValueError for an impossible rate. When the sandbox does not answer, SandboxUnavailable: the product's clock
    stands as it was set.
    """
    before = shared_clock.read()
    line = shared_clock.draw(at=at or before.at(wall), rate=before.rate if rate is None else rate, wall=wall)
    sandbox_control.tell_clock(line)
    return line


def wait_for_sandbox(seconds: float) -> None:
    """Waits until the sandbox answers; returns after `seconds` in any case."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            sandbox_control.scenarios()
        except SandboxUnavailable:
            time.sleep(0.2)
        else:
            return


def _find(name: str) -> Scenario:
    scenarios = sandbox_control.scenarios()
    found = next((one for one in scenarios if one.name == name), None)
    if found is None:
        raise Unknown(f"There is no scenario {name}. There are: {', '.join(one.name for one in scenarios)}.")
    return found


def _note(name: str, wall: datetime) -> None:
    """Keeps the name of what was played; the clock runs on as it did."""
    line = shared_clock.read()
    shared_clock.draw(at=line.at(wall), rate=line.rate, wall=wall, scenario=name)


def _tell_pages() -> None:
    with transaction.atomic():
        announce(["reset"], GLOBAL)
