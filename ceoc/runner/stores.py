"""The two stores that the runner starts where DATABASE_URL and REDIS_URL name none."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping

from ceoc.runner import keys, places, ports
from ceoc.runner.errors import CannotRun
from ceoc.runner.places import Places
from ceoc.runner.postgres import Postgres
from ceoc.runner.process import Program
from ceoc.runner.redis_server import RedisServer
from ceoc.runner.supervise import Supervisor

SERVICES = "services.json"
"""In var/run: the addresses with their passwords, mode 600, for `python -m ceoc.runner services`."""


def start(here: Places, supervisor: Supervisor, given: Mapping[str, str]) -> dict[str, str]:
    """Starts what `given` does not name and waits until it answers. The addresses as environment variables."""
    made: dict[str, str] = {}
    if not given.get("DATABASE_URL"):
        made["DATABASE_URL"] = made["DATABASE_DIRECT_URL"] = _postgres(here, supervisor)
    if not given.get("REDIS_URL"):
        made["REDIS_URL"] = _redis(here, supervisor)
    _keep(here, {name: made.get(name) or given.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")})
    return made


def addresses(here: Places) -> dict[str, str]:
    """The addresses of stores that run now; empty when none were started."""
    try:
        found = json.loads((here.run / SERVICES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()}


def forget(here: Places) -> None:
    """Called when they have ended."""
    (here.run / SERVICES).unlink(missing_ok=True)


def _postgres(here: Places, supervisor: Supervisor) -> str:
    home = places.postgres_home(here)
    if home == here.aside:
        supervisor.say(f"PostgreSQL's data lies in {home}: its account cannot reach {here.var}")
    server = Postgres(home, places.socket_folder(here, home), keys.kept(here.keys, "postgres_password"), here.owner)
    server.prepare()
    program = Program(
        "postgres", server.command(), owner=here.owner, stop_signal=signal.SIGINT, orphan_signal=signal.SIGINT,
        patience=15, last_to_end=True,
    )  # fmt: skip
    supervisor.keep(program, os.environ)
    supervisor.until(server.is_ready, name="PostgreSQL", seconds=60)
    return server.url()


def _redis(here: Places, supervisor: Supervisor) -> str:
    wanted = _kept_port(here)
    server = RedisServer(here.var / "redis", ports.free(wanted), keys.kept(here.keys, "redis_password"))
    server.prepare()
    (here.run / "redis.port").write_text(str(server.port), encoding="ascii")
    program = Program("redis", server.command(), orphan_signal=signal.SIGTERM, last_to_end=True)
    supervisor.keep(program, os.environ)
    supervisor.until(server.is_ready, name="Redis", seconds=30)
    return server.url


def _kept_port(here: Places) -> int:
    """The port of the last time; 0 when there was none."""
    file = here.run / "redis.port"
    text = file.read_text(encoding="ascii").strip() if file.exists() else ""
    return int(text) if text.isdigit() else 0


def _keep(here: Places, found: dict[str, str]) -> None:
    try:
        handle = os.open(here.run / SERVICES, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(found, file)
    except OSError as error:
        raise CannotRun(f"{here.run} cannot be written: {error.strerror}.") from None
