"""`manage.py` in another terminal works with the system that runs, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ceoc.runner import beside, demo, leftovers, places
from ceoc.runner.places import Places

ENV = {
    "DATABASE_URL": "postgresql://u@h/ceoc",
    "SECRET_KEY": "x" * 50,
    "SLACK_BOT_TOKEN_FILE": "/run/token",
    "HOME": "/root",
}
KEPT = {name: value for name, value in ENV.items() if name != "HOME"}


@pytest.fixture
def here(tmp_path: Path) -> Places:
    found = places.find(tmp_path / "var")
    places.make(found)
    return found


def test_what_the_settings_read_is_found_while_it_runs(here: Places) -> None:
    with leftovers.only_one(here):
        beside.keep(here, ENV)
        assert beside.environment({"CEOC_VAR": str(here.var)}) == KEPT
        assert (here.run / beside.FILE).stat().st_mode & 0o777 == 0o600


def test_what_a_person_set_stays(here: Places) -> None:
    with leftovers.only_one(here):
        beside.keep(here, ENV)
        assert "SECRET_KEY" not in beside.environment({"CEOC_VAR": str(here.var), "SECRET_KEY": "mine"})
        assert beside.environment({"CEOC_VAR": str(here.var), "DATABASE_URL": "postgresql://mine@h/db"}) == {}


def test_a_system_that_does_not_run_lends_nothing(here: Places) -> None:
    assert beside.environment({"CEOC_VAR": str(here.var)}) == {}
    beside.keep(here, ENV)  # as a runner that was killed leaves it
    assert beside.environment({"CEOC_VAR": str(here.var)}) == {}
    beside.forget(here)
    assert not (here.run / beside.FILE).exists()


def test_it_keeps_every_variable_that_a_demo_is_given(here: Places) -> None:
    made = demo.defaults({}, var=here.var, port=8000, key_folder=here.keys, near=False)
    assert made
    assert made.keys() <= beside.NAMES
