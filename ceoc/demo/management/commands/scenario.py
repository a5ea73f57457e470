"""`manage.py scenario NAME`: plays a scenario of the sandbox."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ceoc import clock
from ceoc.demo import playing, shared_clock
from ceoc.demo.sandbox_control import SandboxUnavailable, scenarios


class Command(BaseCommand):
    """Scenarios: a date and hour of their own, and what happens from there."""

    help = "Plays a scenario from nothing, on its own date and hour. Without a name lists them. DEMO only."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and how."""
        parser.add_argument("name", nargs="?", default="", help="the scenario; without it the list")
        parser.add_argument("--keep", action="store_true", help="add it to what is there, at the present demo time")
        parser.add_argument("--first", action="store_true", help="only when no scenario was ever played here")
        parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait for the sandbox to start")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Plays it and says until when, or says why not."""
        if not settings.DEMO:
            raise CommandError("DEMO is off. Scenarios are for a demo only: they begin by emptying the timeline.")
        shared_clock.read()
        if options["first"] and shared_clock.scenario():
            self.stdout.write(f"{shared_clock.scenario()} was played here already.")
            return
        playing.wait_for_sandbox(options["wait"])
        try:
            if options["name"]:
                self._play(options["name"], keep=options["keep"])
            else:
                self._list()
        except (playing.Unknown, SandboxUnavailable) as error:
            raise CommandError(str(error)) from None

    def _play(self, name: str, *, keep: bool) -> None:
        played = playing.play(name, wall=clock.wall(), keep=keep)
        self.stdout.write(
            f"{played.name} plays from {played.starts_at:%Y-%m-%dT%H:%M:%SZ} to {played.ends_at:%H:%M:%SZ}."
        )

    def _list(self) -> None:
        for one in scenarios():
            self.stdout.write(f"{one.name:20} {one.title}")
