"""Ids in the vendors' own look, made from counters so that none comes twice, also over a reset."""

import uuid

from sandbox.store import Store

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SCATTER = 0x9E3779B97F4A7C15 | 1


def base36(number: int, width: int) -> str:
    """A number in capitals and digits, filled to the width."""
    text = ""
    for _ in range(width):
        number, rest = divmod(number, 36)
        text = ALPHABET[rest] + text
    return text


def pagerduty(store: Store) -> str:
    """A new PagerDuty id such as `Q0SDD3HB6SGFTI`: a counter that does not look counted (one to one, the factor is
    coprime to 36)."""
    return "Q" + base36(store.next("pagerduty", 1000) * SCATTER % 36**13, 13)


def fixed(kind: str, name: str) -> str:
    """The id of something of the world (a user, a service): always the same for the same name."""
    return "P" + base36(uuid.uuid5(uuid.NAMESPACE_DNS, f"{kind}.{name}").int % 36**6, 6)


def fixed_number(kind: str, name: str) -> int:
    """The same as Zendesk numbers it: fourteen digits."""
    return 10**13 + uuid.uuid5(uuid.NAMESPACE_DNS, f"{kind}.{name}").int % (9 * 10**13)


def fixed_slack(letter: str, name: str) -> str:
    """The same as Slack writes it: a letter and ten capitals and digits."""
    return letter + base36(uuid.uuid5(uuid.NAMESPACE_DNS, f"{letter}.{name}").int % 36**10, 10)


def random() -> str:
    """A random UUID, for deliveries and events."""
    return str(uuid.uuid4())
