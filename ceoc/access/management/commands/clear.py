"""`manage.py clear EMAIL`: the first US Gov clearance, or a later one on a cleared person's word."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ceoc.access import clearance


class Command(BaseCommand):
    """Clears a person for US Government, or ends their clearance; written to the audit."""

    help = "Clears a person for US Government. The first one needs nobody's word; later ones a cleared person's (--by)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The person, and who says so."""
        parser.add_argument("email", help="the e-mail of the person")
        parser.add_argument("--by", default="", metavar="EMAIL", help="the cleared person who grants or ends it")
        parser.add_argument("--revoke", action="store_true", help="end the clearance")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Does it, or says why not (exit code 1)."""
        try:
            if options["revoke"]:
                person = clearance.revoke(options["email"], by=options["by"])
                self.stdout.write(f"{person.name} is not cleared any more. Their open pages are replaced now.")
            else:
                person = clearance.grant(options["email"], by=options["by"])
                self.stdout.write(f"{person.name} is cleared for US Government. Tell them, and whoever should know.")
        except clearance.Refused as error:
            raise CommandError(str(error)) from None
