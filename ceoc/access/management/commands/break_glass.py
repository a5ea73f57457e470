"""`manage.py break_glass EMAIL`: prints break-glass codes for a person, or revokes them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ceoc import clock
from ceoc.access.breakglass import codes
from ceoc.access.models import CodeSet


class Command(BaseCommand):
    """Prints a set of one-time codes, once; written to the audit."""

    help = "Prints break-glass codes with which a person signs in while the identity provider is down."

    def add_arguments(self, parser: CommandParser) -> None:
        """The person."""
        parser.add_argument("email", help="the e-mail of the person")
        parser.add_argument("--revoke", action="store_true", help="revoke the codes that they have")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Does it, or says why not (exit code 1)."""
        if options["revoke"]:
            return self._revoke(options["email"])
        try:
            printed = codes.make(options["email"], by=codes.AT_THE_MACHINE, cleared=True, now=clock.wall())
        except codes.Refused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Break-glass codes of {printed.name}, each good once, until {printed.expires_at:%d %b %Y}:")
        self.stdout.writelines(f"  {code}\n" for code in printed.codes)
        self.stdout.write("They are shown this once. What was printed for them before counts no more.")
        return None

    def _revoke(self, email: str) -> None:
        found = CodeSet.objects.filter(person__email=email.strip().lower(), ended_at=None).first()
        person = codes.revoke(found.public_id, by=codes.AT_THE_MACHINE, now=clock.wall()) if found else None
        if person is None:
            raise CommandError(f"There are no codes for {email}.")
        self.stdout.write(f"{person.name}'s codes count no more, and whoever came in by one is signed out.")
