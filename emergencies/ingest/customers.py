"""What Zendesk says of a customer → a sighting (ENT-1, ENT-3). Pure."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec

from ceoc.vendors.zendesk_shapes import OrganizationRead, UserRead
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account, CustomerRead
from emergencies.timeline.drafts import Seen


def of_customer(
    account: Account, organization: OrganizationRead | None, requester: UserRead | None, now: datetime
) -> list[Seen]:
    """What is known of the customer of a ticket: of its organisation, else of the requester; the zone is the
    requester's.

    The same content read again on the same day adds nothing; a new day, or anything else, is a new reading.
    """
    if organization is None and requester is None:
        return []
    fact = _fact(organization, requester)
    ref = f"org-{organization.id}" if organization else f"user-{requester.id}" if requester else ""
    version = organization.updated_at.isoformat() if organization and organization.updated_at else ""
    content = hashlib.sha256(msgspec.json.encode(fact) + version.encode()).hexdigest()[:16]
    key = f"zd-customer:{account}:{ref}:{now.date().isoformat()}:{content}"
    told = Seen(
        subject=Ref("customer", ref, account),
        key=key,
        messenger="log",
        fact=fact,
        at=now,
        source="zendesk",
        actor="zendesk",
        klass=account,
    )
    return [told]


def _fact(organization: OrganizationRead | None, requester: UserRead | None) -> CustomerRead:
    fields = organization.fields if organization else {}
    return CustomerRead(
        name=organization.name if organization else requester.name if requester else "",
        plan=fields.get("plan", "").lower(),
        subscription_start=_day(fields.get("subscription_start", "")),
        subscription_end=_day(fields.get("subscription_end", "")),
        seats=_count(fields.get("seats", "")),
        csm=fields.get("csm_email", "").lower(),
        product=fields.get("product", ""),
        zone=requester.zone if requester else "",
        us_gov_support=fields.get("us_gov_support", ""),
    )


def _day(text: str) -> date | None:
    """A date as Zendesk's date fields write it (with or without a time); None for anything else: unknown, not 'no'."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
