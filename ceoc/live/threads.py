"""A small pool of threads that may use the database, and leave no connection behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")


class Threads:
    """Runs synchronous work beside the event loop.

    With `keep` a thread keeps its database connection for the next piece of work (as long as CONN_MAX_AGE says);
    without it the connection is closed each time.
    """

    def __init__(self, name: str, size: int, *, keep: bool) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._size = size
        self._tidy = close_old_connections if keep else connections.close_all

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of `work(…)`; what it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: self._tidied(work, *args, **kwargs))

    def _tidied(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        self._tidy()
        try:
            return work(*args, **kwargs)
        finally:
            self._tidy()

    def close(self) -> None:
        """Closes every thread's connections and ends the threads, when what they are at is done."""
        end(self._pool, self._size)


def end(pool: ThreadPoolExecutor, size: int) -> None:
    """Ends a pool of `size` threads that used the database, with their connections."""
    together = threading.Barrier(size)
    for _ in range(size):
        pool.submit(_leave, together)  # each thread takes one, for none goes on before all have one
    pool.shutdown(wait=True)


def _leave(together: threading.Barrier) -> None:
    connections.close_all()
    try:
        together.wait(timeout=2)
    except threading.BrokenBarrierError:
        return
