"""How Django finds the person of a session. Nobody signs in through it: it knows no password."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from ceoc.access.models import Person

PATH = "ceoc.access.backend.KnownPeople"


class KnownPeople(BaseBackend):
    """The active people of the dashboard."""

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, as long as they are active."""
        return Person.objects.filter(pk=user_id, is_active=True).first()
