"""`manage.py demo_clock --at TIME --rate N`: sets the demo's shared clock, or says what it shows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ceoc import clock
from ceoc.demo import playing
from ceoc.demo.sandbox_control import SandboxUnavailable


class Command(BaseCommand):
    """The clock that all processes of the demo share."""

    help = "Sets the demo's shared clock. Without arguments says what it shows. DEMO only."

    def add_arguments(self, parser: CommandParser) -> None:
        """Time and pace."""
        parser.add_argument(
            "--at", metavar="TIME", help="the time it is to show, like 2026-07-08T14:00:00-04:00 (no zone: UTC)"
        )
        parser.add_argument("--rate", type=float, metavar="N", help="how many times as fast as real time it runs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Sets it and prints what it shows now."""
        if not settings.DEMO:
            raise CommandError("DEMO is off. Only the demo has a clock of its own.")
        if options["at"] or options["rate"] is not None:
            self._set(options["at"], options["rate"])
        self.stdout.write(f"{clock.now():%Y-%m-%dT%H:%M:%SZ} at {clock.rate():g} times real time")

    def _set(self, at: str | None, rate: float | None) -> None:
        try:
            playing.run_clock(wall=clock.wall(), at=instant(at) if at else None, rate=rate)
        except ValueError as error:
            raise CommandError(str(error)) from None
        except SandboxUnavailable as error:
            self.stderr.write(f"The product's clock is set; the sandbox was not told. {error}")


def instant(text: str) -> datetime:
    """A time in ISO 8601, UTC where it names no zone; raises ValueError with a sentence."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time. Write it like 2026-07-08T14:00:00-04:00.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
