"""What the processes of a running system were given, kept in var/run, so that `manage.py` in another terminal finds it.

Without this a person would have to copy some twenty variables to play a scenario beside `make run`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from ceoc.runner import leftovers, places
from ceoc.runner.demo import SECRETS, VENDOR_PORTS
from ceoc.runner.errors import CannotRun
from ceoc.runner.places import Places

FILE = "environment.json"
"""In var/run, mode 600: it holds passwords and tokens, as var/secrets does."""

NAMES = frozenset({
    *SECRETS, *VENDOR_PORTS, "DEBUG", "DEMO", "PORT", "CEOC_VAR", "CEOC_URL", "CEOC_NOW_OFFSET", "ALLOWED_HOSTS",
    "SANDBOX", "ZENDESK_GLOBAL_EMAIL", "ZENDESK_US_GOV_EMAIL", "DATABASE_URL", "DATABASE_DIRECT_URL", "REDIS_URL",
})  # fmt: skip


def keep(here: Places, env: Mapping[str, str]) -> None:
    """Keeps what the settings read of an environment, secrets' files included. Raises CannotRun."""
    found = {name: value for name, value in env.items() if name.removesuffix("_FILE") in NAMES}
    try:
        handle = os.open(here.run / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(found, file)
    except OSError as error:
        raise CannotRun(f"{here.run} cannot be written: {error.strerror}.") from None


def forget(here: Places) -> None:
    """Called when the system has ended."""
    (here.run / FILE).unlink(missing_ok=True)


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What is missing in `given` to work beside the system that runs from its folder (CEOC_VAR, else var/).

    Nothing where none runs or it is another person's, and nothing where a database is named: whoever names one has an
    environment of their own.
    """
    if given.get("DATABASE_URL") or given.get("DATABASE_URL_FILE"):
        return {}
    here = places.find(given.get("CEOC_VAR"))
    try:
        if leftovers.runner_pid(here) is None:
            return {}
        kept = json.loads((here.run / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in kept.items() if not given.get(name)}
