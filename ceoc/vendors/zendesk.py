"""The door to Zendesk, one for each account, over zenpy. Safe to share: each thread has a client of its own.

Every method may raise Refused, Unavailable, and (where it changes something) Ambiguous. Replies and notes go out as the
person `by` (e-mail), who needs an agent's seat in that account. Each change carries the id of our command as custom
metadata of its audit, by which it is found again. Reads are complete, however many pages they take.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from django.conf import settings
from requests.exceptions import RequestException
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket
from zenpy.lib.exception import ZenpyException

from ceoc.vendors import parsing
from ceoc.vendors import zendesk_shapes as shapes
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable, Unreadable
from ceoc.vendors.hearing import Freshness
from ceoc.vendors.line import Hearing, Limits, Line, Party
from ceoc.vendors.zendesk_audits import AuditRead, audit

T = TypeVar("T")

STANDS_FOR = "https://account.zendesk.invalid/"
"""The address that zenpy is told: it insists on https and a subdomain. The line sends to the account's own."""

NAMES_KEPT = 600.0
"""Seconds for which names of forms and titles of fields are believed."""
TRIES = 3
"""How often a change is tried anew when somebody else changed the ticket in between (safe update)."""

ODD = (ZenpyException, ValueError, TypeError, KeyError, AttributeError)
"""What zenpy raises about an answer that it does not expect."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to become of a ticket's fields; "" and empty leave them as they are."""

    status: str = ""
    priority: str = ""
    form: str = ""
    """A form's name."""
    assignee: str = ""
    """An agent's e-mail."""
    fields: dict[str, str] = {}
    """Custom fields by title."""
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


class Zendesk:
    """What can be asked of one Zendesk account and done there, in the domain's words."""

    def __init__(
        self,
        *,
        account: str,
        url: str,
        email: str,
        token: Callable[[], str],
        hearing: Hearing | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`email` is the agent that the product signs in as; `token` is called for each client."""
        self._url, self._email, self._token = url.rstrip("/"), email, token
        self.name = "Zendesk (US Government)" if account == "us_gov" else "Zendesk"
        party = Party("zendesk", self.name, self._url, account)
        self._line = Line(party, hearing or Freshness(), limits=limits, stands_for=STANDS_FOR)
        self._own = threading.local()
        self._names: dict[str, tuple[float, dict[str, str]]] = {}

    # --- reading --------------------------------------------------------------------------------------------------

    def ticket(self, ticket_id: str) -> shapes.TicketRead:
        """A ticket as it is now."""
        raw = self._read(lambda api: _raw(api.tickets(id=_number(ticket_id))))
        return self._ticket(raw)

    def tickets(self, query: str) -> tuple[shapes.TicketRead, ...]:
        """Tickets that a search finds (`priority:urgent status<solved`); Zendesk's index lags by up to a minute."""
        found = self._read(lambda api: _raws(api.search(type="ticket", query=query)))
        return tuple(self._ticket(raw) for raw in found)

    def audits(self, ticket_id: str) -> tuple[AuditRead, ...]:
        """All updates of a ticket, oldest first."""
        found = self._read(lambda api: _raws(api.tickets.audits(ticket=_number(ticket_id))))
        return tuple(sorted((audit(raw) for raw in found), key=lambda one: (one.at, int(one.id))))

    def comments(self, ticket_id: str) -> tuple[shapes.CommentRead, ...]:
        """All comments of a ticket, oldest first; the first is its description."""
        found = self._read(lambda api: _raws(api.tickets.comments(ticket=_number(ticket_id))))
        return tuple(shapes.comment(raw) for raw in found)

    def user(self, user_id: str) -> shapes.UserRead:
        """A person."""
        return shapes.user(self._read(lambda api: _raw(api.users(id=_number(user_id)))))

    def users(self, user_ids: Iterable[str]) -> Mapping[str, shapes.UserRead]:
        """People by id, a hundred a request; who does not exist any more is left out."""
        wanted = sorted({int(one) for one in user_ids if one.isdigit()})
        found: dict[str, shapes.UserRead] = {}
        for start in range(0, len(wanted), 100):
            some = wanted[start : start + 100]
            found |= {user.id: user for user in self._some_users(some)}
        return found

    def organization(self, organization_id: str) -> shapes.OrganizationRead:
        """A customer's organisation."""
        raw = self._read(lambda api: _raw(api.organizations(id=_number(organization_id))))
        return shapes.organization(raw)

    def agent(self, email: str) -> shapes.UserRead:
        """The agent with that e-mail. Raises Refused where the person has no seat in this account."""
        found = self._read(lambda api: _raws(api.users.search(query=email)))
        for raw in found:
            user = shapes.user(raw)
            if user.email == email.lower() and user.is_agent and user.active and not user.suspended:
                return user
        raise Refused(
            f"{email} has no agent's seat in {self.name}, so nothing can be done there in that name.", status=403
        )

    def member(self, who: str) -> shapes.UserRead | None:
        """The person with that e-mail or id, agent or not, read now; None where the account has none."""
        if "@" in who:
            found = map(shapes.user, self._read(lambda api: _raws(api.users.search(query=who))))
            return next((user for user in found if user.email == who.lower()), None)
        try:
            return self.user(who)
        except Refused as error:
            if error.missing:
                return None
            raise

    def agents(self) -> tuple[shapes.UserRead, ...]:
        """Everybody who has a seat in this account, read now."""
        everybody = (user for role in ("agent", "admin") for user in self._in_role(role))
        return tuple(user for user in everybody if user.active and not user.suspended)

    def change_of(self, ticket_id: str, command: str) -> AuditRead | None:
        """The update that a command of ours made, if it did."""
        return next((one for one in self.audits(ticket_id) if one.command == command), None)

    def forms(self) -> Mapping[str, str]:
        """Names of ticket forms by id, kept for ten minutes."""
        return self._kept("forms", lambda api: {str(one.id): str(one.name) for one in api.ticket_forms()})

    def field_titles(self) -> Mapping[str, str]:
        """Titles of ticket fields by id, kept for ten minutes."""
        return self._kept("fields", lambda api: {str(one.id): str(one.title) for one in api.ticket_fields()})

    # --- doing ----------------------------------------------------------------------------------------------------

    def public_reply(self, ticket_id: str, text: str, *, by: str, command: str, status: str = "") -> AuditRead:
        """Writes to the customer as that person (PAGE-7)."""
        return self._comment(ticket_id, Comment(body=text, public=True), by=by, command=command, status=status)

    def internal_note(self, ticket_id: str, text: str, *, by: str, command: str) -> AuditRead:
        """Writes for the team as that person: the customer does not see it."""
        return self._comment(ticket_id, Comment(body=text, public=False), by=by, command=command)

    def change(self, ticket_id: str, change: Change, *, by: str, command: str) -> AuditRead:
        """Changes fields and tags. Where somebody else was quicker the ticket is read again; nothing is lost."""
        self.agent(by)
        for _ in range(TRIES):
            seen = self.ticket(ticket_id)
            ticket = self._changed(seen, change)
            try:
                return self._update(ticket, by=by, command=command)
            except Refused as error:
                if error.status != 409:
                    raise
        raise Unavailable(f"Others are changing the ticket in {self.name} at the same time.")

    # --- inside ---------------------------------------------------------------------------------------------------

    def _in_role(self, role: str) -> list[shapes.UserRead]:
        return [shapes.user(raw) for raw in self._read(lambda api: _raws(api.users(role=role)))]

    def _some_users(self, some: list[int]) -> list[shapes.UserRead]:
        return [shapes.user(raw) for raw in self._read(lambda api: _raws(api.users(ids=some)))]

    def _comment(self, ticket_id: str, comment: Comment, *, by: str, command: str, status: str = "") -> AuditRead:
        comment.author_id = int(self.agent(by).id)
        ticket = Ticket(id=_number(ticket_id))
        ticket.comment = comment
        if status:
            ticket.status = status
        try:
            return self._update(ticket, by=by, command=command)
        except Refused as error:
            if error.status == 409:  # two updates met in Zendesk and ours was not taken
                raise Unavailable(f"Others are changing the ticket in {self.name} at the same time.") from error
            raise

    def _changed(self, seen: shapes.TicketRead, change: Change) -> Ticket:
        """The update that makes a change, valid for the ticket as it was seen only."""
        ticket = Ticket(id=_number(seen.id))
        ticket.safe_update = True
        ticket.updated_stamp = seen.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ") if seen.updated_at else ""
        if change.status:
            ticket.status = change.status
        if change.priority:
            ticket.priority = change.priority
        if change.form:
            ticket.ticket_form_id = self._id_of(self.forms(), change.form, "form")
        if change.assignee:
            ticket.assignee_id = int(self.agent(change.assignee).id)
        if change.fields:
            titles = self.field_titles()
            ticket.custom_fields = [
                {"id": self._id_of(titles, title, "field"), "value": value} for title, value in change.fields.items()
            ]
        if change.add_tags or change.remove_tags:
            ticket.tags = sorted((set(seen.tags) | set(change.add_tags)) - set(change.remove_tags))
        return ticket

    def _id_of(self, names: Mapping[str, str], name: str, what: str) -> int:
        for key, found in names.items():
            if found == name:
                return int(key)
        raise Refused(f"{self.name} has no {what} named {name}.", status=404)

    def _update(self, ticket: Ticket, *, by: str, command: str) -> AuditRead:
        ticket.metadata = {"ceoc_command": command, "ceoc_by": by}
        try:
            return audit(_raw(self._client().tickets.update(ticket).audit))
        except (*ODD, Unreadable) as error:
            raise Ambiguous(f"{self.name} took it, and its answer cannot be read; it may have been done.") from error
        except RequestException:
            raise Refused(f"The request to {self.name} could not be made.") from None

    def _ticket(self, raw: parsing.Json) -> shapes.TicketRead:
        return shapes.ticket(raw, self.forms(), self.field_titles(), self._url)

    def _kept(self, what: str, read: Callable[[Zenpy], dict[str, str]]) -> Mapping[str, str]:
        until, names = self._names.get(what, (0.0, {}))
        if time.monotonic() > until:
            names = self._read(read)
            self._names[what] = (time.monotonic() + NAMES_KEPT, names)
        return names

    def _read(self, ask: Callable[[Zenpy], T]) -> T:
        try:
            return ask(self._client())
        except ODD as error:
            raise Unreadable(f"{self.name} answered with something that cannot be read.") from error
        except RequestException:  # nothing left: the line has its own errors
            raise Refused(f"The request to {self.name} could not be made.") from None

    def _client(self) -> Zenpy:
        """The client of this thread; a new one when the token was rotated or the process forked."""
        present = (os.getpid(), self._token())
        if getattr(self._own, "made_for", None) != present:
            self._own.client, self._own.made_for = self._new_client(present[1]), present
        client: Zenpy = self._own.client
        return client

    def _new_client(self, token: str) -> Zenpy:
        subdomain, _, domain = STANDS_FOR.removeprefix("https://").rstrip("/").partition(".")
        try:
            return Zenpy(
                subdomain=subdomain,
                domain=domain,
                email=self._email,
                token=token,
                session=self._line.session(),
                disable_cache=True,
            )
        except ZenpyException:  # its text holds the token
            raise Refused(f"{self.name} cannot be asked: no token is set.", status=401) from None


def _number(key: str) -> int:
    """An id as zenpy wants it."""
    if not key.isdecimal():
        raise Refused("Zendesk does not have it (any more).", status=404)
    return int(key)


def _raw(found: Any) -> parsing.Json:
    """A zenpy object as the JSON that it was made of."""
    restored = _restored(found.to_dict())
    if not isinstance(restored, dict):
        raise Unreadable("The answer is not an object.")
    return restored


def _raws(found: Iterable[Any]) -> list[parsing.Json]:
    return [_raw(one) for one in found]


def _restored(value: Any) -> Any:
    """Zenpy writes the key `from` as `from_`."""
    if isinstance(value, dict):
        return {("from" if key == "from_" else key): _restored(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_restored(one) for one in value]
    return value


@cache
def door(account: str) -> Zendesk:
    """The door to an account of the settings, `global` or `us_gov`; one for the process."""
    found = settings.ZENDESK[account]
    return Zendesk(account=account, url=found.url, email=found.email, token=found.token)
