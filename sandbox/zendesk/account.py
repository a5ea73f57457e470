"""One Zendesk account: its address, people, organisations and furniture."""

from datetime import timedelta

from sandbox import ids
from sandbox.box import Box
from sandbox.clock import iso
from sandbox.store import Doc
from sandbox.world import desk, people
from sandbox.world.customers import CUSTOMERS, MANY, Customer

BOT_EMAIL = "support-bot@demo.example"
FIRST_TICKET = {"global": 512801, "us_gov": 8101}
WORLD_BEGAN = "2024-01-01T09:00:00Z"


class Account:
    """Everything of one account that is not a ticket. Kinds in the store carry the account's name."""

    def __init__(self, box: Box, name: str) -> None:
        """`name` is `global` or `us_gov`; an empty account is set up with the world."""
        self.box = box
        self.name = name
        self.config = box.config.zendesk[name]
        self.base = self.config.address.url
        if not box.store.all(self.kind("user")):
            with box.store.transaction():
                self.set_up()

    def kind(self, thing: str) -> str:
        """The store's kind for a thing of this account."""
        return f"zd_{thing}:{self.name}"

    @property
    def number(self) -> int:
        """The account's own number, as webhooks carry it."""
        return ids.fixed_number("account", self.name) % 10**8

    def set_up(self) -> None:
        """The people, organisations and furniture that the account has from the start."""
        for group in people.GROUPS:
            self._keep("group", self.fixed("group", group), {"name": group})
        for person in people.PEOPLE:
            if self.name in person.accounts:
                self._add_agent(
                    person.name,
                    person.address,
                    person.zone,
                    person.groups[0],
                    "admin" if person.pagerduty_role == "admin" else "agent",
                )
        self._add_agent(people.BOT, BOT_EMAIL, "Etc/UTC", "Support Operations", "agent")
        if self.user_by_email(self.config.email) is None:
            self._add_agent("Emergencies Integration", self.config.email, "Etc/UTC", "Support Operations", "admin")
        for customer in [*CUSTOMERS, *MANY]:
            if customer.account == self.name:
                self._add_customer(customer)

    def _add_agent(self, name: str, email: str, zone: str, group: str, role: str) -> None:
        doc = {"name": name, "email": email, "role": role, "time_zone": zone}
        self._keep(
            "user", self.fixed("user", email), doc | {"group_id": self.fixed("group", group), "organization_id": None}
        )

    def _add_customer(self, customer: Customer) -> None:
        """An organisation and its people."""
        organization = self.fixed("organization", customer.key)
        fields = {
            "plan": customer.plan,
            "product": customer.product,
            "seats": customer.seats,
            "subscription_start": self._day(customer.starts),
            "subscription_end": self._day(customer.ends),
            "csm_email": people.BY_KEY[customer.csm].address if customer.csm else None,
        }
        if self.name == "us_gov":
            fields["us_gov_support"] = customer.us_gov_support or None
        domains = sorted({writer.email.split("@")[1] for writer in customer.writers})
        doc = {"name": customer.name, "fields": fields, "notes": customer.notes or None, "domains": domains}
        self._keep("organization", organization, doc)
        for writer in customer.writers:
            person: Doc = {"name": writer.name, "email": writer.email, "role": "end-user", "time_zone": writer.zone}
            person |= {"group_id": None, "organization_id": organization}
            self._keep("user", self.fixed("user", writer.email), person)

    def _day(self, days: int | None) -> str | None:
        """The date so many days from now, as Zendesk keeps dates in organisation fields."""
        if days is None:
            return None
        return (self.box.clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT00:00:00+00:00")

    def refresh_dates(self) -> None:
        """Set every subscription's dates anew from the present day: 'bought today' is said of a scenario's own day."""
        for customer in [*CUSTOMERS, *MANY]:
            doc = self.box.store.get(self.kind("organization"), self.fixed("organization", customer.key))
            if customer.account != self.name or doc is None or doc.get("changed"):
                continue
            dates = {"subscription_start": self._day(customer.starts), "subscription_end": self._day(customer.ends)}
            if any(doc["fields"][name] != value for name, value in dates.items()):
                doc["fields"].update(dates)
                doc["updated_at"] = iso(self.box.clock.now())
                self.box.store.put(self.kind("organization"), doc["id"], doc)

    def fixed(self, thing: str, name: str) -> int:
        """The id of something that the account has from the start."""
        return ids.fixed_number(f"{self.name} {thing}", name)

    def next_id(self, thing: str) -> int:
        """A new id for an event, audit or user."""
        return self.box.store.next(f"zendesk {self.name} {thing}", 14_000_000_000_001)

    def _keep(self, thing: str, key: int, doc: Doc) -> Doc:
        doc |= {"id": key, "created_at": WORLD_BEGAN, "updated_at": WORLD_BEGAN}
        return self.box.store.put(self.kind(thing), key, doc)

    def add_user(self, doc: Doc) -> Doc:
        """A user made over the API or by writing in."""
        stamp = iso(self.box.clock.now())
        key = self.next_id("user")
        full = {"role": "end-user", "time_zone": "Etc/UTC", "group_id": None, "organization_id": None} | doc
        return self.box.store.put(self.kind("user"), key, full | {"id": key, "created_at": stamp, "updated_at": stamp})

    def users(self) -> list[Doc]:
        """Everybody in the account."""
        return self.box.store.all(self.kind("user"))

    def user(self, key: object) -> Doc | None:
        """A user by id."""
        return self.box.store.get(self.kind("user"), key)

    def user_by_email(self, email: str) -> Doc | None:
        """A user by e-mail."""
        return next((user for user in self.users() if user["email"].lower() == email.lower()), None)

    def organizations(self) -> list[Doc]:
        """Every organisation."""
        return self.box.store.all(self.kind("organization"))

    def organization(self, key: object) -> Doc | None:
        """An organisation by id."""
        return self.box.store.get(self.kind("organization"), key)

    def field_id(self, title: str) -> int:
        """The id of a ticket field by title."""
        return self.fixed("field", title)

    def form_id(self, name: str) -> int:
        """The id of a ticket form by name."""
        return self.fixed("form", name)

    def form_name(self, key: int | None) -> str | None:
        """The name of a form by id."""
        return next((name for name in desk.FORMS[self.name] if self.form_id(name) == key), None)

    def macro_id(self, title: str) -> int:
        """The id of a macro by title."""
        return self.fixed("macro", title)

    def macro(self, key: int) -> desk.Macro | None:
        """A macro by id."""
        return next((macro for macro in desk.MACROS if self.macro_id(macro.title) == key), None)
