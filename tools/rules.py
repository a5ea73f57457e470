"""`make rules`: switches each policy rule off in turn and wants a test that cites the rule to go red.

The tests are collected once (those marked `@pytest.mark.rule(...)` under the policy folders). A rule is held when,
while it is off, at least one test that cites one of its ids fails, in the test itself: a crash of the product's code
because a neighbour misses an answer proves nothing. What no test holds might as well not be written.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / "pyproject.toml"
TESTS = ("tests/emergencies/policy", "tests/emergencies/story", "tests/schedules/policy")
PACKAGES = ("emergencies.policy", "schedules.policy")


class Bench:
    """A pytest plugin that runs the collected tests once as they are, then the citing ones with each rule off."""

    def __init__(self) -> None:
        self.red_at_rest: list[str] = []
        self.held: dict[str, str] = {}
        """By rule: the first test that goes red without it; "" when none does."""
        self.cited: dict[str, int] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keeps the marked tests."""
        items[:] = [item for item in items if _cites(item)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Replaces pytest's own loop."""
        registry = importlib.import_module("emergencies.policy.registry")
        _import_all(PACKAGES)
        self.red_at_rest = [report.longreprtext for item in session.items for report in _failures(item)]
        if self.red_at_rest:
            return True
        for name, rule in registry.RULES.items():
            citing = [item for item in session.items if _cites(item) & set(rule.ids)]
            self.cited[name] = len(citing)
            with registry.switched_off(name):
                self.held[name] = next((item.nodeid for item in citing if _refutes(item)), "")
        return True

    def table(self) -> str:
        """What was found, a line for each rule."""
        registry = importlib.import_module("emergencies.policy.registry")
        lines = []
        for name, test in self.held.items():
            ids = " ".join(registry.RULES[name].ids)
            found = test.rpartition("/")[2] if test else f"NOT HELD: none of {self.cited[name]} citing tests goes red"
            lines.append(f"{name:<34} {ids:<22} {found}")
        loose = sum(not test for test in self.held.values())
        return "\n".join([*lines, "", f"{len(self.held)} rules, {loose} without a test that holds them."])


def _cites(item: pytest.Item) -> set[str]:
    """The rule ids that a test names."""
    return {str(rule) for marker in item.iter_markers("rule") for rule in marker.args}


def _failures(item: pytest.Item) -> list[pytest.TestReport]:
    """Runs one test, set-up and tear-down included, without a word on the terminal; what failed."""
    return [report for report in runtestprotocol(item, log=False, nextitem=None) if report.failed]


def _refutes(item: pytest.Item) -> bool:
    """Whether the test goes red by what it asks: the failure lies in the tests' own lines."""
    for report in _failures(item):
        crash = getattr(report.longrepr, "reprcrash", None)
        if crash is not None and Path(crash.path).resolve().is_relative_to(ROOT / "tests"):
            return True
    return False


def _import_all(packages: Iterable[str]) -> None:
    """Imports every module of the packages, so that all rules are registered."""
    for name in packages:
        try:
            package = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module.name)


def main() -> int:
    """Runs the bench and prints its table; 1 when a rule is not held or a test is red with all rules on."""
    os.chdir(ROOT)
    hypothesis.settings.register_profile("rules", database=None, derandomize=True, max_examples=50)
    hypothesis.settings.load_profile("rules")
    bench = Bench()
    folders = [folder for folder in TESTS if Path(folder).exists()]
    code = pytest.main(
        ["-c", str(CONFIGURATION), "-o", "addopts=--strict-markers", "-p", "no:terminal", *folders], plugins=[bench]
    )
    if bench.red_at_rest:
        print("Red with every rule switched on; mend these first:\n\n" + "\n\n".join(bench.red_at_rest))
        return 1
    if not bench.held:
        print(f"No rule was judged: no marked test was collected in {', '.join(folders)} (pytest's code {code}).")
        return 1
    print(bench.table())
    return 1 if code or not all(bench.held.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
