"""The register of acts, and how an act reads what it is given."""

from collections.abc import Callable
from typing import Any

from sandbox import ids
from sandbox.store import Doc, Missing
from sandbox.vendors import Vendors
from sandbox.world import people

Act = Callable[[Vendors, "Given"], Doc]
ACTS: dict[str, Act] = {}


class BadAct(ValueError):
    """The act cannot be done as asked; the sentence says why."""


class Given:
    """The words of an act's JSON, read with a sentence for what is missing."""

    def __init__(self, words: Doc) -> None:
        """Takes the JSON object as it came."""
        self.words = words

    def text(self, name: str, default: str | None = None) -> str:
        """A text; raises BadAct where it is missing and has no default."""
        value = self.words.get(name, default)
        if value is None:
            raise BadAct(f"'{name}' is missing.")
        return str(value)

    def get(self, name: str, default: Any = None) -> Any:
        """Anything, or the default."""
        value = self.words.get(name)
        return default if value is None else value

    def flag(self, name: str, default: bool) -> bool:
        """A yes or no."""
        return bool(self.words.get(name, default))

    def person(self, default: str, name: str = "by") -> people.Person:
        """A member of the team by key or e-mail; raises BadAct."""
        wanted = self.text(name, default)
        try:
            return people.find(wanted)
        except KeyError:
            raise BadAct(f"Nobody of the team is called {wanted!r}.") from None

    def user(self, default: str, name: str = "by") -> str:
        """The same as a PagerDuty id."""
        return ids.fixed("user", self.person(default, name).key)


def act(function: Act) -> Act:
    """Register an act under its function's name."""
    ACTS[function.__name__] = function
    return function


def incident(vendors: Vendors, given: Given, name: str = "page") -> Doc:
    """The incident that an act is about; raises BadAct."""
    key = given.text(name)
    try:
        return vendors.pagerduty.find(key)
    except Missing:
        raise BadAct(f"There is no page {key}.") from None


def ticket(vendors: Vendors, given: Given, name: str = "ticket") -> tuple[str, Doc]:
    """The ticket that an act is about and its account (found by its number where the account is not named)."""
    key = given.text(name)
    for account in [given.get("account")] if given.get("account") else list(vendors.tickets):
        doc = vendors.box.store.get(f"zd_ticket:{account}", key)
        if doc:
            return account, doc
    raise BadAct(f"There is no ticket {key}.")
