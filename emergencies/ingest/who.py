"""Who acted: a vendor's id becomes an e-mail, so that webhook, log and answer name the same person in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from ceoc import clock
from ceoc.access.models import Person
from ceoc.inbox import people
from ceoc.inbox.people import VendorPerson
from ceoc.people.models import Match
from ceoc.vendors.pagerduty_shapes import Agent
from emergencies.story.kinds import Account
from emergencies.timeline.drafts import Seen


class Ours(msgspec.Struct, frozen=True):
    """Which of some e-mails are people of our list, and which of those are managers."""

    everybody: frozenset[str] = frozenset()
    managers: frozenset[str] = frozenset()


def ours(emails: Iterable[str]) -> Ours:
    """The active people among these e-mails, also by an address that they have at a vendor (matched by hand). Two
    queries."""
    wanted = {email for email in emails if email}
    if not wanted:
        return Ours()
    own = Person.objects.filter(email__in=wanted, is_active=True).values_list("email", "groups__name")
    elsewhere = Match.objects.filter(email__in=wanted, person__is_active=True).exclude(picked="")
    found = [*own, *elsewhere.values_list("email", "person__groups__name")]
    return Ours(
        frozenset(email for email, _ in found), frozenset(email for email, group in found if group == "manager")
    )  # fmt: skip


def as_ours(told: Sequence[Seen]) -> list[Seen]:
    """What was told, done by our people under their own e-mail where a vendor knows them by another one (matched by
    hand). One query, none where nobody did anything."""
    actors = {seen.actor for seen in told if "@" in seen.actor}
    if not actors:
        return list(told)
    picked = Match.objects.filter(email__in=actors).exclude(picked="").select_related("person")
    names = {(one.vendor, one.account, one.email): one.person.email for one in picked}
    return [
        replace(seen, actor=names.get((seen.source, _account(seen), seen.actor), seen.actor)) if names else seen
        for seen in told
    ]


def _account(seen: Seen) -> str:
    """The account in which it was done; only Zendesk has several."""
    return seen.subject.account if seen.source == "zendesk" else ""


def pagerduty_emails(ids: Iterable[str]) -> dict[str, str]:
    """E-mails of those of PagerDuty's users that are known, by id; "" for one that has gone. One query."""
    return {key: person.email for key, person in people.known("pagerduty", "", ids).items()}


def learn(vendor: str, account: str, told: Iterable[VendorPerson]) -> None:
    """Keeps what a vendor told of people, where it is new or different. One query where nothing is."""
    by_id = {person.id: person for person in told}
    kept = people.known(vendor, account, by_id)
    people.keep(vendor, account, [person for key, person in by_id.items() if kept.get(key) != person], clock.wall())


def pagerduty_actor(agent: Agent | None) -> str:
    """The e-mail of a person, PagerDuty's id of one that has gone, else `pagerduty`."""
    if agent is None or not agent.is_person:
        return "pagerduty"
    return agent.email or f"pagerduty:{agent.id}"


def zendesk_actor(account: Account, author: str, known: dict[str, VendorPerson]) -> str:
    """The e-mail of a person, Zendesk's id of one without, `zendesk` for what it does by itself."""
    if not author or author == "-1":
        return "zendesk"
    person = known.get(author)
    return person.email if person and person.email else f"zendesk:{account}:{author}"


def slack_actor(user: str, known: dict[str, VendorPerson]) -> str:
    """The e-mail of a person in Slack, Slack's id of one without, `slack` for what it or a bot does."""
    if not user:
        return "slack"
    person = known.get(user)
    return person.email if person and person.email else f"slack:{user}"
