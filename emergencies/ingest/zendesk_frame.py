"""What the facts of one ticket need to know besides Zendesk's words: who is who, and what its forms and fields are
called."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ceoc.inbox.people import VendorPerson
from ceoc.vendors.zendesk_shapes import TicketRead
from emergencies.ingest import who
from emergencies.policy.bots import BOTS
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts of one ticket need to know besides Zendesk's words."""

    account: Account
    ticket: TicketRead
    known: dict[str, VendorPerson] = {}
    """People by Zendesk's id."""
    ours: frozenset[str] = frozenset()
    """E-mails of the people of our list among them."""
    bots: frozenset[str] = BOTS.names
    """Names of the users that are no people."""
    own_address: str = ""
    """The e-mail of the agent that the product signs in as."""
    begun: dict[str, datetime] = {}
    """Id of a command of ours → when the reply that it sent was begun in the composer."""
    forms: dict[str, str] = {}
    titles: dict[str, str] = {}

    @property
    def ref(self) -> Ref:
        """The ticket as a subject."""
        return Ref("ticket", self.ticket.id, self.account)

    def customer(self, organization: str = "", requester: str = "") -> str:
        """Key of the customer: the organisation, else the requester (readings.md, 'same customer')."""
        if organization:
            return Ref("customer", f"org-{organization}", self.account).key
        return Ref("customer", f"user-{requester}", self.account).key if requester else ""

    def email(self, user: str) -> str:
        """The e-mail of a user, as acts name people."""
        return who.zendesk_actor(self.account, user, self.known) if user else ""

    def is_own_agent(self, user: str) -> bool:
        """Whether a user is the agent that the product signs in as: what it does is the echo of a command of ours."""
        return bool(self.own_address) and user in self.known and self.known[user].email == self.own_address

    def is_agent(self, user: str) -> bool:
        """Whether a user answers customers."""
        return user in self.known and self.known[user].agent
