"""Folders, secrets and ports of an installation."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from pathlib import Path

import pytest

from ceoc.runner import demo, keys, places, ports, reset
from ceoc.runner.errors import CannotRun
from ceoc.runner.places import Places


@pytest.fixture
def here(tmp_path: Path) -> Places:
    found = places.find(tmp_path / "var")
    places.make(found)
    yield found
    for folder in (found.aside, *places.short_folders(found)):
        shutil.rmtree(folder, ignore_errors=True)


def test_folders_of_secrets_are_private(here: Places):
    for folder in (here.run, here.log, here.keys):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_with_somebody_elses_files_is_refused(tmp_path: Path):
    (tmp_path / "letters").write_text("dear")
    with pytest.raises(CannotRun, match="not ours"):
        places.make(places.find(tmp_path))


def test_a_full_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "LEAST_FREE", 1 << 60)
    with pytest.raises(CannotRun, match=r"is full: \d+ MB are free, \d+ MB are needed"):
        places.make(places.find(tmp_path / "var"))


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRun, match=r"cannot be written: .+\. Free it, or set CEOC_VAR"):
        places.make(places.find(tmp_path / "file" / "var"))


def test_sockets_lie_near_the_data_or_in_a_short_private_folder(here: Places, tmp_path: Path):
    deep = tmp_path / ("deep" * 20) / ("deeper" * 10)
    deep.mkdir(parents=True)
    for home in (here.var, deep):
        folder = places.socket_folder(here, home)
        assert len(str(folder / ".s.PGSQL.5432")) < 104
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder != deep / "socket"


def test_a_short_folder_that_belongs_to_another_is_refused(here: Places, tmp_path: Path):
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    taken = places.short_folders(here)[0]
    taken.symlink_to(tmp_path)
    try:
        with pytest.raises(CannotRun, match="belongs to somebody else"):
            places.socket_folder(here, deep)
    finally:
        taken.unlink()


@pytest.mark.skipif(os.getuid() != 0, reason="only root hands data over to an account")
def test_data_that_its_owner_could_not_reach_lies_aside(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    here = places.find(closed / "var")
    places.make(here)
    try:
        assert places.postgres_home(here) == here.aside
        assert here.aside.stat().st_uid == here.owner.uid
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700, "nobody's folder is opened for it"
        done = reset.reset(here)
        assert not here.aside.exists()
        assert any(str(here.aside) in sentence for sentence in done)
    finally:
        shutil.rmtree(here.aside, ignore_errors=True)


def test_a_secret_is_made_once_and_private(tmp_path: Path):
    first = keys.kept(tmp_path, "SECRET_KEY")
    assert keys.kept(tmp_path, "SECRET_KEY") == first
    assert keys.kept(tmp_path, "OTHER") != first
    assert len(first) >= 40
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_secret_that_a_full_disk_left_empty_is_made_anew(tmp_path: Path):
    (tmp_path / "secret_key").touch()
    assert len(keys.kept(tmp_path, "SECRET_KEY")) >= 40


def test_who_holds_a_port_is_named():
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        assert f"(process {os.getpid()})" in ports.holder(port)
        assert ports.free(port) != port
    assert ports.is_free(port)
    assert ports.free(port) == port
    assert ports.free(port, frozenset({port})) != port


def test_the_demos_environment_keeps_what_the_person_set(tmp_path: Path):
    given = {"PAGERDUTY_API_URL": "http://127.0.0.1:9/", "SLACK_BOT_TOKEN_FILE": "/x", "DEMO": "0"}
    made = demo.defaults(given, var=tmp_path, port=8000, key_folder=tmp_path, near=False)
    assert not {"PAGERDUTY_API_URL", "SLACK_BOT_TOKEN", "DEMO"} & made.keys()
    assert made["SLACK_API_URL"].endswith("/api/")
    assert len({made[name] for name in demo.VENDOR_PORTS if name in made}) == 4, "each vendor its own port"


def test_reset_removes_only_what_is_ours(tmp_path: Path):
    (tmp_path / "letters").write_text("dear")
    with pytest.raises(CannotRun, match="nothing was removed"):
        reset.reset(places.find(tmp_path))
    assert (tmp_path / "letters").exists()


def test_reset_says_what_it_removed(here: Places, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    (here.var / "sandbox").mkdir()
    (here.var / "sandbox" / "state").write_text("x")
    said = reset.reset(here)
    assert not here.var.exists()
    assert said == [f"Removed {here.var} (0 MB)."]
    assert reset.reset(here) == [f"Nothing to remove: {here.var} does not exist."]
