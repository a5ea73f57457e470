"""`make lint`: ruff, mypy, djlint and the import contracts; all of them run, then all that failed are named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

TYPED = ("ceoc", "schedules", "emergencies", "sandbox", "tools")
"""What mypy reads in strict mode: everything but the tests and migrations."""


def commands() -> dict[str, list[str]]:
    """Each check by its name, with what it runs."""
    return {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy", *TYPED],
        "djlint": ["djlint", "templates", "--lint", "--quiet"],
        "import contracts": ["lint-imports", "--no-cache"],
    }


def main() -> int:
    """Runs every check; 1 when one found something."""
    failed = []
    for name, (program, *arguments) in commands().items():
        print(f"— {name}", flush=True)
        if subprocess.run([str(BIN / program), *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
            failed.append(name)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll clean.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
