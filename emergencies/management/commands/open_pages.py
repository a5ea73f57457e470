"""`manage.py open_pages SERVICE --by EMAIL`: opens again what a mistaken setting closed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ceoc import clock
from ceoc.access import audit
from ceoc.access.models import Person
from emergencies.timeline.resettle import open_again


class Command(BaseCommand):
    """Nothing opens by itself; this does, on the word of somebody who is cleared."""

    help = (
        "Opens the pages of a PagerDuty service that were global and became US Government's because the service was "
        "mapped otherwise for a while. The service has to be mapped to the global portal again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The service by name, and who says so."""
        parser.add_argument("service", help="the service's name, as PagerDuty writes it")
        parser.add_argument("--by", required=True, help="e-mail of the cleared person who says that they are global")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many were opened."""
        person = Person.objects.known(options["by"])
        if person is None or not person.us_gov_cleared:
            raise CommandError(f"{options['by']} is not cleared for US Government.")
        number = open_again(options["service"], clock.now())
        audit.setting_changed("services", f"opened {number} pages of {options['service']}", person.email)
        self.stdout.write(f"{number} pages of {options['service']} are global again.")
