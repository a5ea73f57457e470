"""The subjects that people name, as they write them: a ticket's number, PagerDuty's id, a thread's."""

from __future__ import annotations

import re

from emergencies.actions.refusal import Refused
from emergencies.story.entries import Ref

NUMBER = re.compile(r"#?(\d{1,18})", re.ASCII)
NAME = re.compile(r"[\w.:-]{1,80}")


def named(kind: str, name: str, account: str) -> str:
    """The subject's key for what a person typed. Raises Refused where it cannot be one."""
    name = name.strip()
    if kind == "ticket":
        number = NUMBER.fullmatch(name)
        if not number or account not in ("global", "us_gov"):
            raise Refused("Write the ticket's number, like 512880.")
        return Ref("ticket", number[1], account).key
    if kind not in ("page", "thread") or not NAME.fullmatch(name):
        raise Refused("Write the page's id as PagerDuty shows it, like Q2K7AB, or the thread's, like C01:1716.2.")
    return Ref(kind, name).key


def known(key: str) -> str:
    """A subject's key that a form sent back. Raises Refused for what is none."""
    kind, _, rest = key.partition(":")
    if kind not in ("page", "ticket", "thread", "summons") or not NAME.fullmatch(rest):
        raise Refused("Choose what to take out.")
    if kind == "ticket" and ":" not in rest:
        raise Refused("Choose what to take out.")
    return key
