"""What is handed to `record`: sightings from vendors, entries made here. `record` stamps when they were seen."""

from __future__ import annotations

from datetime import datetime

import msgspec

from emergencies.story.entries import Messenger, Ref, Source
from emergencies.story.kinds import Account, Fact


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A sighting to be kept: what a messenger told of a vendor's subject. Texts that people wrote stand in `title`
    and `body`."""

    subject: Ref
    key: str
    """The messenger's own id of it, unique over all: `pd-log:R2`, `pd-hook:01BR…`, `zd-audit:global:77:3`, …"""
    messenger: Messenger
    fact: Fact
    at: datetime
    source: Source
    actor: str = ""
    same: str = ""
    """The vendor's id of the fact itself where every messenger gives it: `comment:99`, `note:PXX`."""
    title: str = ""
    body: str = ""
    klass: Account = "us_gov"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be made by the dashboard, on any subject."""

    subject: Ref
    fact: Fact
    at: datetime
    key: str
    """Natural key; a second draft with the same key is the same fact and adds nothing."""
    actor: str = ""
    source: Source = "dashboard"
    title: str = ""
    body: str = ""
