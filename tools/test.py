"""`make test`: all tests, two at a time, with a PostgreSQL and a Redis of the run's own (tests/services.py)."""

from __future__ import annotations

import os
import sys

import pytest

from tools import chromium

NONE = (
    "No Chromium was found (set CHROMIUM to one, or install it): the tests marked `browser` are left out, "
    "and listed as skipped below."
)


def main(arguments: list[str]) -> int:
    """Runs pytest; its exit code. Without a Chromium it fails in CI (CI=true)."""
    found = chromium.find_or_install()
    if found:
        os.environ["CHROMIUM"] = found
    else:
        print(NONE, file=sys.stderr)
        if os.environ.get("CI") == "true":
            print("CI wants them: failed.", file=sys.stderr)
            return 1
    chosen = [argument for argument in arguments if not argument.startswith("-")]
    spread = [] if chosen else ["-n", "2", "--dist", "loadfile"]
    return int(pytest.main([*spread, *arguments]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
