"""`make bench`: the speed figures, one JSON object a line, each beside a reference of the same run. Read the ratios.

    python -m tests.bench [accept] [crowd] [board] [timeline] [live] [api_list] [--quick]

Nothing here passes or fails: machines differ, and so do their bad moments.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

import django
from django.core.management import call_command

from tests import services

services.prepare()
django.setup()

from tests.bench import accept, api_list, board, crowd, live, timeline  # noqa: E402 - Django's models need it set up

BENCHES = {
    "accept": accept.run, "crowd": crowd.run, "board": board.run, "timeline": timeline.run, "live": live.run,
    "api_list": api_list.run,
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Runs the named benches, all of them without a name, and prints what they found as they go."""
    parser = argparse.ArgumentParser(prog="make bench", description="Speed figures as JSON lines.")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="a moment each, to see that they run")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - BENCHES.keys():
        parser.error(f"there is no bench {', '.join(sorted(unknown))}; there are: {', '.join(BENCHES)}")
    call_command("migrate", verbosity=0)
    for name in chosen.names or BENCHES:
        for figures in BENCHES[name](quick=chosen.quick):
            print(json.dumps({"bench": name, **figures, "cores": os.cpu_count()}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
