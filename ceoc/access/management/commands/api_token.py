"""`manage.py api_token EMAIL`: makes a token of the API and prints it, this once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ceoc import clock
from ceoc.access import scopes, tokens
from ceoc.access.models import Person
from ceoc.access.viewer import viewer_of
from ceoc.demo import people


class Command(BaseCommand):
    """The token alone goes to the output; what it is for, and until when, goes beside it."""

    help = "Makes a token of the API for a person and prints it. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose it is, for what and for how long."""
        parser.add_argument("email", help="the e-mail of the person as whom it acts")
        parser.add_argument(
            "--scopes", default="", help=f"of {','.join(scopes.SCOPES)}; by default all that are of use to the person"
        )
        parser.add_argument("--days", type=int, default=90, help=f"how long it lasts, at most {tokens.LONGEST}")
        parser.add_argument("--name", default="made at the machine", help="what it is for")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Does it, or says why not (exit code 1)."""
        person = _known(options["email"])
        if person is None:
            raise CommandError(f"Nobody active has the e-mail {options['email']}.")
        try:
            words = options["scopes"].replace(",", " ").split()
            chosen = tokens.scopes_of(words) if words else tuple(scopes.usual(viewer_of(person)))
            wish = tokens.Wish(name=options["name"], scopes=chosen, days=options["days"])
            text, row = tokens.make(person, wish, by="manage.py api_token", wall=clock.wall())
        except tokens.Refused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(text)
        self.stderr.write(f"{person.name}: {', '.join(row.scopes)}, until {row.expires_at:%-d %B %Y}.")


def _known(email: str) -> Person | None:
    """The active person; in DEMO a persona is made where nobody has signed in as it yet."""
    person = Person.objects.known(email)
    persona = people.persona(email.strip().lower()) if settings.DEMO and person is None else None
    return people.settle(persona) if persona else person
