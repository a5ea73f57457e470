"""What the tests of settings stand on: a kind of their own, and the viewers of the cast."""

from __future__ import annotations

import pytest

from ceoc.team import kinds
from tests.team.kinds_of_tests import registered


@pytest.fixture
def room(monkeypatch):
    """The kind of tests, registered for one test."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(kinds, "_follows", dict(kinds._follows))
    return registered()


@pytest.fixture
def ines(viewer_of_role):
    """A manager who is not cleared."""
    return viewer_of_role("manager")


@pytest.fixture
def noor(viewer_of_role):
    """An administrator who is cleared."""
    return viewer_of_role("admin")
