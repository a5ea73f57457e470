"""The scripts behind make: finding a Python, the stamp of what is installed, finding a Chromium, judging rules."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ceoc.runner.places import ROOT
from tools import chromium
from tools import test as testing


def make_copy(folder: Path) -> Path:
    """A checkout with nothing but what set-up needs; it pins nothing."""
    (folder / "tools").mkdir(parents=True)
    for name in ("setup.sh", "venv.py"):
        shutil.copy(ROOT / "tools" / name, folder / "tools" / name)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (folder / name).write_text("")
    return folder


def setup(folder: Path, kind: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "tools/setup.sh", kind],
        cwd=folder, env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_fresh_checkout_gets_an_environment_once(tmp_path: Path):
    folder = make_copy(tmp_path / "a fresh checkout")
    first = setup(folder, "run", PYTHON=sys.executable)
    assert first.returncode == 0, first.stderr
    assert "Making .venv" in first.stdout
    assert (folder / ".venv" / "bin" / "python").exists()
    assert setup(folder, "run").stdout == "", "nothing changed, nothing is done"
    (folder / "requirements.txt").write_text("# another pin\n")
    again = setup(folder, "run")
    assert "Installing what requirements.txt pins" in again.stdout
    assert "Making" not in again.stdout


def test_an_environment_that_was_moved_is_made_anew(tmp_path: Path):
    setup(make_copy(tmp_path / "before"), "dev", PYTHON=sys.executable)
    (tmp_path / "before").rename(tmp_path / "after")
    moved = setup(tmp_path / "after", "run")
    assert moved.returncode == 0, moved.stderr
    assert "Installing" in moved.stdout


def test_a_python_that_does_not_fit_is_refused_in_words(tmp_path: Path):
    done = setup(make_copy(tmp_path / "x"), "run", PYTHON="/usr/bin/false")
    assert done.returncode == 1
    assert "is no Python 3.11 or 3.12" in done.stderr


def test_no_python_at_all_is_said_in_words(tmp_path: Path):
    folder, bare = make_copy(tmp_path / "x"), tmp_path / "bin"
    bare.mkdir()
    (bare / "cat").symlink_to(shutil.which("cat") or "/bin/cat")
    script = folder / "tools" / "setup.sh"
    script.write_text(script.read_text().replace("/usr/local/", "/nowhere/").replace("/opt/", "/nowhere/"))
    done = setup(folder, "run", PATH=str(bare))
    assert done.returncode == 1
    assert "No Python 3.11 or 3.12" in done.stderr
    assert "PYTHON=/path/to/python3.12" in done.stderr


def test_a_named_chromium_counts_before_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mine = tmp_path / "mine"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert chromium.find() == str(mine)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "not there"))
    assert chromium.find() is None
    assert chromium.find_or_install() is None, "nothing is installed beside a choice that was made"
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.find() is None
    mine.rename(tmp_path / "chromium")
    assert chromium.find() == str(tmp_path / "chromium")


def test_without_a_chromium_ci_fails(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "tools.test", "--collect-only", "-q", "tests/setup/test_tools.py"],
        cwd=ROOT, env={**os.environ, "CI": "true", "CHROMIUM": str(tmp_path / "not there")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "CI wants them" in done.stderr


@pytest.mark.parametrize(
    ("holds", "failed", "says"),
    [
        pytest.param(True, 1, (0, "Unsteady, passed alone:"), id="a bad moment"),
        pytest.param(False, 1, (1, "Once more, alone:"), id="it fails again"),
        pytest.param(True, testing.MOST_UNSTEADY + 1, (1, ""), id="too many for a bad moment"),
        pytest.param(True, 0, (1, ""), id="nobody knows what failed"),
    ],
)
def test_what_failed_beside_the_others_is_run_once_more_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd, holds: bool, failed: int, says: tuple[int, str]
):
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    assert {holds}\n")
    kept = tmp_path / "lastfailed"
    kept.write_text(json.dumps({f"test_it.py::test_it{'#' * place}": True for place in range(failed)}))
    monkeypatch.setattr(testing, "ROOT", tmp_path)
    monkeypatch.setattr(testing, "LAST_FAILED", kept)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    code, words = says
    assert testing.once_more_alone(1) == code
    assert words in capfd.readouterr().out


PRODUCT = """
from emergencies.policy.registry import rule

@rule("PAGE-2", off=0)
def held():
    "A test asks for its answer."
    return 1

@rule("PAGE-9")
def crashes():
    "Without it the product's own code falls over, whatever a test asks."
    return 1

def neighbour():
    return crashes() + 1

@rule("PAGE-7", off=0)
def loose():
    "A test cites it and asks nothing."
    return 1

@rule("PAGE-8", off=0)
def unseen():
    "No test cites it."
    return 1
"""

TESTS = """
import product
import pytest

@pytest.mark.rule("PAGE-2")
def test_held():
    assert product.held() == 1

@pytest.mark.rule("PAGE-9")
def test_neighbour():
    product.neighbour()

@pytest.mark.rule("PAGE-7")
def test_loose():
    product.loose()
"""

JUDGE = """
import sys
from pathlib import Path
from tools import rules
rules.ROOT, rules.TESTS, rules.PACKAGES = Path(sys.argv[1]), ("tests",), ()
sys.path.insert(0, sys.argv[1])
sys.exit(rules.main())
"""


def test_a_rule_that_no_test_holds_is_named(tmp_path: Path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_some.py").write_text(TESTS)
    (tmp_path / "product.py").write_text(PRODUCT)
    done = subprocess.run(
        [sys.executable, "-c", JUDGE, str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line}
    assert done.returncode == 1, done.stderr
    assert "test_held" in lines["held"]
    assert "none of 1 citing tests goes red" in lines["loose"]
    assert "none of 1 citing tests goes red" in lines["crashes"]
    assert "none of 0 citing tests goes red" in lines["unseen"]
