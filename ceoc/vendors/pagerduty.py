"""The door to PagerDuty (REST v2), over pdpyras. Safe to share between threads.

Every method may raise Refused, Unavailable, and (where it changes something) Ambiguous. `by` is the e-mail of who
acts: PagerDuty's `From`. Reads are complete, however many pages they take.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import pdpyras
from django.conf import settings
from requests.exceptions import RequestException

from ceoc.vendors import pagerduty_shapes as shapes
from ceoc.vendors import parsing
from ceoc.vendors.errors import Ambiguous, Refused, Unreadable
from ceoc.vendors.hearing import Freshness
from ceoc.vendors.line import Hearing, Limits, Line, Party

T = TypeVar("T")

PAGE_SIZE = 100
FURTHEST = 10_000
"""PagerDuty answers 400 beyond this offset; a list that reaches it would be incomplete."""
PEOPLE_KEPT = 600.0
"""Seconds for which the list of users is believed."""


class PagerDuty:
    """What can be asked of PagerDuty and done there, in the domain's words."""

    def __init__(
        self, *, url: str, token: Callable[[], str], hearing: Hearing | None = None, limits: Limits | None = None
    ) -> None:
        """`token` is called for each request, so that a rotated one counts at once."""
        self._token = token
        self._line = Line(Party("pagerduty", "PagerDuty", url), hearing or Freshness(), limits=limits)
        self._session = pdpyras.APISession("set for each request")
        self._session.url = url.rstrip("/")
        self._session.max_network_attempts = 0
        self._line.attach(self._session)
        self._users: dict[str, shapes.UserRead] = {}
        self._users_until = 0.0
        self._services: dict[str, str] = {}

    # --- reading --------------------------------------------------------------------------------------------------

    def page(self, page_id: str) -> shapes.PageRead:
        """A page as it is now."""
        raw = self._get(f"incidents/{_path(page_id)}", {"include[]": ["first_trigger_log_entries"]})
        return shapes.page(_part(raw, "incident"), self.emails())

    def log(self, page_id: str) -> tuple[shapes.LogEntryRead, ...]:
        """The page's whole log, oldest first."""
        path = f"incidents/{_path(page_id)}/log_entries"
        emails = self.emails()
        found = [
            shapes.log_entry({**raw, "incident": raw.get("incident") or {"id": page_id}}, emails)
            for raw in self._all(path, "log_entries", {"include[]": ["channels"]})
        ]
        found.reverse()  # PagerDuty gives the newest first; inside one second its order alone tells which came first
        return tuple(sorted(found, key=lambda entry: entry.at))

    def notes(self, page_id: str) -> tuple[shapes.NoteRead, ...]:
        """The page's notes."""
        raw = self._get(f"incidents/{_path(page_id)}/notes", {})
        emails = self.emails()
        return tuple(shapes.note(one, emails, page_id) for one in parsing.items(raw, "notes"))

    def pages(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        statuses: Sequence[shapes.Status] = (),
        services: Sequence[str] = (),
    ) -> Iterator[shapes.PageRead]:
        """Pages created in `[since, until)`; of any time without both. Raises Refused where there are over 10,000."""
        params: dict[str, Any] = {"include[]": ["first_trigger_log_entries"], "sort_by": "created_at:asc"}
        params |= {"since": since.isoformat(), "until": until.isoformat()} if since and until else {"date_range": "all"}
        params |= {"statuses[]": list(statuses)} if statuses else {}
        params |= {"service_ids[]": list(services)} if services else {}
        emails = self.emails()
        for raw in self._all("incidents", "incidents", params):
            yield shapes.page(raw, emails)

    def page_with_key(self, key: str) -> shapes.PageRead | None:
        """The newest page that has this incident key, open or not."""
        found = list(self._all("incidents", "incidents", {"incident_key": key, "date_range": "all"}))
        emails = self.emails()
        pages = [shapes.page(raw, emails) for raw in found if raw.get("incident_key") == key]
        return max(pages, key=lambda page: page.created_at, default=None)

    def users(self) -> Mapping[str, shapes.UserRead]:
        """Everybody in PagerDuty by id, kept for ten minutes."""
        if time.monotonic() > self._users_until or not self._users:
            found = (shapes.user(raw) for raw in self._all("users", "users", {}))
            self._users = {user.id: user for user in found}
            self._users_until = time.monotonic() + PEOPLE_KEPT
        return self._users

    def emails(self) -> Mapping[str, str]:
        """PagerDuty's user id → e-mail."""
        return {key: user.email for key, user in self.users().items()}

    def user_with_email(self, email: str) -> shapes.UserRead | None:
        """Who has this e-mail; somebody who is new is looked for once more."""
        for _ in range(2):
            for user in self.users().values():
                if user.email == email.lower():
                    return user
            self._users_until = 0.0
        return None

    def reach(self, who: str) -> shapes.Reach | None:
        """By what a user is reached, given by e-mail or id, read now; None where PagerDuty has no such user."""
        found = self._user_with_email_now(who) if "@" in who else self._user_now(who)
        if found is None:
            return None
        path = f"users/{_path(found.id)}"
        methods = self._get(f"{path}/contact_methods", {})
        return shapes.reach(found, methods, self._get(f"{path}/notification_rules", {}))

    def everybody(self) -> tuple[shapes.UserRead, ...]:
        """All users, read now."""
        self._users_until = 0.0
        return tuple(self.users().values())

    def service_id(self, name: str) -> str:
        """The id of the service of that name. Raises Refused where there is none."""
        if name not in self._services:
            found = self._all("services", "services", {})
            self._services = {parsing.text(raw, "name"): parsing.must(raw, "id") for raw in found}
        if name not in self._services:
            raise Refused(f"PagerDuty has no service named {name}.", status=404)
        return self._services[name]

    # --- doing ----------------------------------------------------------------------------------------------------

    def acknowledge(self, page_id: str, by: str) -> shapes.PageRead:
        """Acknowledges as that person."""
        return self._change(page_id, {"status": "acknowledged"}, by)

    def resolve(self, page_id: str, by: str) -> shapes.PageRead:
        """Resolves as that person."""
        return self._change(page_id, {"status": "resolved"}, by)

    def ring_again(self, page_id: str, by: str) -> shapes.PageRead:
        """Back to triggered: it rings again."""
        return self._change(page_id, {"status": "triggered"}, by)

    def note(self, page_id: str, text: str, by: str) -> shapes.NoteRead:
        """Writes a note on the page."""
        raw = self._send("POST", f"incidents/{_path(page_id)}/notes", {"note": {"content": text}}, by)
        return _done(lambda: shapes.note(_part(raw, "note"), self._users_emails(), page_id))

    def call_colleague(self, to: str, *, title: str, body: str, key: str, by: str, service: str) -> shapes.PageRead:
        """Rings one colleague with a page of its own (PAGE-13). While one with that `key` is open no second is made."""
        person = self.user_with_email(to)
        if person is None:
            raise Refused("PagerDuty does not know that colleague.", status=404)
        incident = {
            "type": "incident",
            "title": title,
            "service": {"id": self.service_id(service), "type": "service_reference"},
            "incident_key": key,
            "body": {"type": "incident_body", "details": body},
            "assignments": [{"assignee": {"id": person.id, "type": "user_reference"}}],
        }
        raw = self._send("POST", "incidents", {"incident": incident}, by)
        return _done(lambda: shapes.page(_part(raw, "incident"), self._users_emails()))

    # --- the one request place ------------------------------------------------------------------------------------

    def _change(self, page_id: str, change: dict[str, str], by: str) -> shapes.PageRead:
        incident = {"type": "incident_reference", **change}
        raw = self._send("PUT", f"incidents/{_path(page_id)}", {"incident": incident}, by)
        return _done(lambda: shapes.page(_part(raw, "incident"), self._users_emails()))

    def _get(self, path: str, params: dict[str, Any]) -> parsing.Json:
        return parsing.load(self._ask("GET", path, params=params))

    def _send(self, method: str, path: str, body: dict[str, Any], by: str) -> parsing.Json:
        answer = self._ask(method, path, json=body, headers={"From": by})
        return _done(lambda: parsing.load(answer))

    def _ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **content: Any) -> bytes:
        told = {**(headers or {}), "Authorization": f"Token token={self._token()}"}
        try:
            answer: bytes = self._session.request(method, path, headers=told, **content).content
        except (pdpyras.PDClientError, RequestException):  # nothing left: the line has its own errors
            raise Refused("The request to PagerDuty could not be made.") from None
        return answer

    def _all(self, path: str, wrapper: str, params: dict[str, Any]) -> Iterator[parsing.Json]:
        """Every item of a list. pdpyras' own iterator stops at 10,000 with a warning and loops on an empty page."""
        offset = 0
        while True:
            raw = self._get(path, {**params, "limit": PAGE_SIZE, "offset": offset})
            found = parsing.items(raw, wrapper)
            yield from found
            if not parsing.flag(raw, "more"):
                return
            if not found:
                raise Unreadable("PagerDuty's list says that there is more, and gives nothing.")
            offset += len(found)
            if offset + PAGE_SIZE > FURTHEST:
                raise Refused("PagerDuty lists no more than 10,000; ask for a shorter time.")

    def _user_with_email_now(self, email: str) -> shapes.UserRead | None:
        found = (shapes.user(raw) for raw in self._all("users", "users", {"query": email}))
        return next((user for user in found if user.email == email.lower()), None)

    def _user_now(self, user_id: str) -> shapes.UserRead | None:
        try:
            return shapes.user(_part(self._get(f"users/{_path(user_id)}", {}), "user"))
        except Refused as error:
            if error.missing:
                return None
            raise

    def _users_emails(self) -> Mapping[str, str]:
        """E-mails that are known already: after a write nothing more may fail."""
        return {key: user.email for key, user in self._users.items()}


def _part(raw: parsing.Json, key: str) -> parsing.Json:
    found = parsing.get(raw, key)
    if not isinstance(found, dict):
        raise Unreadable(f"The answer has no {key}.")
    return found


def _done(read: Callable[[], T]) -> T:
    """Reads the answer to a write. One that cannot be read leaves open what was done."""
    try:
        return read()
    except Unreadable as error:
        raise Ambiguous(f"PagerDuty took it, and its answer cannot be read. {error.sentence}") from error


def _path(part: str) -> str:
    """An id as a part of an address; ids of PagerDuty are letters and digits."""
    if not part.isalnum():
        raise Refused("PagerDuty does not have it (any more).", status=404)
    return part


@cache
def door() -> PagerDuty:
    """The door to the account of the settings; one for the process."""
    return PagerDuty(url=settings.PAGERDUTY_API_URL, token=settings.PAGERDUTY_API_TOKEN)
