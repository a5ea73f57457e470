"""`manage.py demo_people`: makes the demo's people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ceoc.demo.people import settle_people


class Command(BaseCommand):
    """Six personas and their colleagues; safe to repeat."""

    help = "Makes the demo's people: six personas that anybody may be, and their colleagues. DEMO only."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Makes them, or says why not."""
        if not settings.DEMO:
            raise CommandError("DEMO is off. The demo's people are for a demo only.")
        self.stdout.write(f"{len(settle_people())} people of the demo are there.")
