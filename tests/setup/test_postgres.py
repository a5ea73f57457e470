"""The embedded PostgreSQL and Redis themselves: first start, awkward paths, other versions, what they listen on."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from ceoc.runner import places, stores
from ceoc.runner.errors import CannotRun
from ceoc.runner.leftovers import RECORD
from ceoc.runner.logs import Log
from ceoc.runner.places import Places
from ceoc.runner.postgres import Postgres
from ceoc.runner.supervise import Supervisor


@contextmanager
def running(var: Path, given: dict[str, str] | None = None) -> Iterator[tuple[Places, dict[str, str], Supervisor]]:
    here = places.find(var)
    places.make(here)
    supervisor = Supervisor(Log(here.log, io.StringIO()), here.run / RECORD)
    try:
        yield here, stores.start(here, supervisor, given or {}), supervisor
    finally:
        supervisor.end()


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """The folder of an installation; what it put elsewhere is removed afterwards."""
    yield from _cleaned(tmp_path / "var")


@pytest.fixture
def awkward_var(tmp_path: Path) -> Iterator[Path]:
    """A folder with blanks, quotes and umlauts in its name, deeper than a socket's path may be."""
    folder = tmp_path / ("höhle mit 'platz' " * 3) / ("tief" * 20)
    folder.mkdir(parents=True)
    yield from _cleaned(folder / "var")


def _cleaned(var: Path) -> Iterator[Path]:
    yield var
    here = places.find(var)
    for left in (here.aside, *places.short_folders(here)):
        shutil.rmtree(left, ignore_errors=True)


def test_both_stores_start_from_any_path_and_keep_what_was_written(awkward_var: Path):
    with running(awkward_var) as (_, made, _supervisor):
        with psycopg.connect(made["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'Ä' AS word")
        redis.Redis.from_url(made["REDIS_URL"]).set("kept", "1")
        assert made["DATABASE_DIRECT_URL"] == made["DATABASE_URL"]
    with running(awkward_var) as (_, made, _supervisor):
        with psycopg.connect(made["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT word, lower(word) FROM kept").fetchone() == ("Ä", "ä")
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert redis.Redis.from_url(made["REDIS_URL"]).get("kept") == b"1"


def test_nobody_else_gets_in(var: Path):
    with running(var) as (here, made, _supervisor):
        open_address = made["DATABASE_URL"].replace(made["DATABASE_URL"].split(":")[2].split("@")[0], "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(open_address)
        address, port = made["REDIS_URL"].rpartition("@")[2].partition("/")[0].split(":")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(address, int(port)).ping()
        assert address == "127.0.0.1"
        for process in psutil.Process().children():
            assert made["REDIS_URL"].split("@")[0].rpartition(":")[2] not in " ".join(process.cmdline())
        assert here.keys.stat().st_mode & 0o077 == 0
        if os.getuid() == 0:
            assert "postgres" in [process.name() for process in psutil.Process().children() if process.uids().real != 0]


def test_what_is_named_in_the_environment_is_used_instead(var: Path):
    given = {"DATABASE_URL": "postgresql://u@h/db", "REDIS_URL": "redis://h/0"}
    with running(var, given) as (here, made, _supervisor):
        assert made == {}
        assert not (here.var / "postgres").exists()
        assert stores.addresses(here) == given


def test_data_of_another_version_is_refused_in_words(tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(CannotRun, match="was written by PostgreSQL 15, this is 18"):
        Postgres(tmp_path, tmp_path, "p", None).prepare()


def test_a_first_start_that_was_cut_short_is_begun_again(var: Path):
    here = places.find(var)
    places.make(here)
    home = places.postgres_home(here)
    (home / "data").mkdir()
    (home / "data.new").mkdir()
    (home / "data.new" / "half").touch()
    Postgres(home, places.socket_folder(here, home), "secret", here.owner).prepare()
    assert (home / "data" / "PG_VERSION").exists()
    assert not (home / "data.new").exists()
