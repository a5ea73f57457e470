"""`make test`: all tests, two at a time, with a PostgreSQL and a Redis of the run's own (tests/services.py).

What failed while the other half of the tests used the machine is run once more, alone. What passes then is named as
unsteady, so that it is seen and mended; what fails again, and more than a handful, fails the run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import chromium

ROOT = Path(__file__).resolve().parents[1]
LAST_FAILED = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
"""Where pytest keeps what failed."""
MOST_UNSTEADY = 8
"""Failures that may be a bad moment of the machine; more are none."""

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
    LAST_FAILED.unlink(missing_ok=True)
    code = int(pytest.main([*spread, *arguments]))
    return code if chosen or code != pytest.ExitCode.TESTS_FAILED else once_more_alone(code)


def once_more_alone(code: int) -> int:
    """Runs what failed once more, in a process of its own with nothing beside it; the code of the whole run."""
    failed = sorted(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []
    if not 0 < len(failed) <= MOST_UNSTEADY:
        return code
    print(f"\n{len(failed)} failed beside the others. Once more, alone:", *failed, sep="\n  ", flush=True)
    again = subprocess.run([sys.executable, "-m", "pytest", *failed], cwd=ROOT, check=False).returncode
    if again == pytest.ExitCode.OK:
        print("Unsteady, passed alone:", *failed, sep="\n  ", flush=True)
    return int(again)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
