"""Starts a PostgreSQL and a Redis of its own, then measures: `python -m tests.bench [accept hang board fold]`."""

from __future__ import annotations

import sys

from tests import services

services.prepare()

import django  # noqa: E402 — the settings need the servers

django.setup()

from django.core.management import call_command  # noqa: E402

from tests.bench import accept, board, fold  # noqa: E402

FIGURES = {"fold": fold.run, "board": board.run, "accept": accept.run, "hang": accept.run_hanging}


def main() -> int:
    """Runs the figures that were named, else all; 2 for one that there is not."""
    wanted = sys.argv[1:] or list(FIGURES)
    unknown = sorted(set(wanted) - set(FIGURES))
    if unknown:
        print(f"There is no figure called {', '.join(unknown)}. There are: {', '.join(FIGURES)}.", file=sys.stderr)
        return 2
    call_command("migrate", verbosity=0)
    for name in wanted:
        FIGURES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
