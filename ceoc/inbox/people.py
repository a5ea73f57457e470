"""Whom vendors' ids mean. Webhooks name people by id; entries name them by e-mail, the same on all ways."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ceoc.access.classes import Klass
from ceoc.inbox.models import KnownPerson


class VendorPerson(msgspec.Struct, frozen=True):
    """A person as a vendor knows them."""

    id: str
    email: str = ""
    name: str = ""
    agent: bool = False


def known(vendor: str, account: str, ids: Iterable[str]) -> dict[str, VendorPerson]:
    """Those of the ids that are known, by id. One query, none without ids."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    rows = KnownPerson.objects.filter(vendor=vendor, account=account, vendor_id__in=wanted)
    return {row.vendor_id: VendorPerson(row.vendor_id, row.email, row.name, row.agent) for row in rows}


def keep(vendor: str, account: str, people: Iterable[VendorPerson], wall: datetime) -> None:
    """Remembers what the vendor told of these people just now. One query, none without people."""
    klass: Klass = "global" if account == "global" else "us_gov"
    rows = {
        one.id: KnownPerson(
            vendor=vendor,
            account=account,
            klass=klass,
            vendor_id=one.id,
            email=one.email[:254],
            name=one.name[:200],
            agent=one.agent,
            read_at=wall,
        )
        for one in people
    }
    KnownPerson.objects.bulk_create(
        [rows[key] for key in sorted(rows)],
        update_conflicts=True,
        unique_fields=["vendor", "account", "vendor_id"],
        update_fields=["email", "name", "agent", "read_at"],
    )
