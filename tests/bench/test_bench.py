"""The benches run and say what they should. No figure is judged: machines differ."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from ceoc.runner.places import ROOT
from tests.services import STARTED_BY

SAID = {"accept": 1, "crowd": 1, "board": 3, "timeline": 4, "live": 6, "api_list": 2}

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def lines() -> list[dict]:
    """What a quick run prints, with stores of its own: it fills the database that it is given."""
    ours = {STARTED_BY, "DATABASE_URL", "DATABASE_DIRECT_URL", "REDIS_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=350, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_prints_its_figures_beside_a_reference(lines: list[dict]) -> None:
    names = [line["bench"] for line in lines]
    assert {name: names.count(name) for name in SAID} == SAID
    for line in (line for line in lines if line["reference"]):  # a raw server may be idle without any CPU at all
        assert line["value"] > 0
        assert line["ratio"] == pytest.approx(line["value"] / line["reference"], rel=0.1)


def test_what_was_measured_is_what_was_meant(lines: list[dict]) -> None:
    assert [line["wrong"] for line in lines if "wrong" in line] == [0, 0], "every webhook was answered 200"
    assert next(line["hanging"] for line in lines if line["bench"] == "crowd") >= 8, "all threads of pages are taken"
    assert [line["rows"] for line in lines if line["bench"] == "board"] == [10, 100, 1000]
    assert {line["streams"] for line in lines if line["bench"] == "live"} == {3}
    assert {line["entries"] for line in lines if line["bench"] == "timeline"} == {200}


def test_an_unknown_name_is_said() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "nonsense"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "there are: accept, crowd, board, timeline, live, api_list" in done.stderr
