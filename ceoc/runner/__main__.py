"""The command line: `python -m ceoc.runner [run | services | reset]`.

run       everything, until Ctrl-C (what `make run` does)
services  PostgreSQL and Redis alone; prints DATABASE_URL and REDIS_URL, also those of a system that runs already
reset     stops a running system and removes its data
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from ceoc.env import explained
from ceoc.runner import beside, leftovers, places, stores, system
from ceoc.runner.errors import CannotRun
from ceoc.runner.leftovers import AlreadyRuns
from ceoc.runner.logs import Log
from ceoc.runner.places import Places
from ceoc.runner.reset import reset
from ceoc.runner.supervise import Supervisor


def run(here: Places) -> int:
    """Everything, until it is told to end."""
    places.make(here)
    log = Log(here.log, sys.stdout)

    def work(supervisor: Supervisor) -> None:
        env = system.environment(here, os.environ)
        system.bring_up(here, supervisor, env)

    return _supervised(here, log, work)


def services(here: Places) -> int:
    """The stores alone, until it is told to end; the addresses of stores that run already, and ends."""
    places.make(here)

    def work(supervisor: Supervisor) -> None:
        stores.start(here, supervisor, os.environ)
        _print_addresses(here)

    try:
        return _supervised(here, Log(here.log, sys.stderr), work)
    except AlreadyRuns:
        if not stores.addresses(here):
            raise
        _print_addresses(here)
        return 0


def _supervised(here: Places, log: Log, work: Callable[[Supervisor], None]) -> int:
    """Does the work under the folder's lock, then watches until Ctrl-C; ends all that was started in any case."""
    with leftovers.only_one(here):
        for name in leftovers.end_leftovers(here):
            log.say(f"ended {name}, which an earlier run had left")
        supervisor = Supervisor(log, here.run / leftovers.RECORD)
        supervisor.listen()
        try:
            work(supervisor)
            while not supervisor.ending:
                supervisor.step()
        except CannotRun:
            if not supervisor.ending:  # what Ctrl-C cut short is no failure
                raise
        finally:
            supervisor.say("ending")
            supervisor.end()
            stores.forget(here)
            beside.forget(here)
            (here.run / leftovers.ADDRESS).unlink(missing_ok=True)
            supervisor.say("all processes have ended")
    return 0


def _print_addresses(here: Places) -> None:
    for name, value in stores.addresses(here).items():
        print(f"{name}={value}", flush=True)


def main(arguments: list[str]) -> int:
    """Runs a command; its exit code: 0 done, 1 cannot run (said in words), 2 settings."""
    parser = argparse.ArgumentParser(prog="python -m ceoc.runner", description="Runs CEOC on this machine.")
    parser.add_argument("command", nargs="?", default="run", choices=["run", "services", "reset"])
    command = parser.parse_args(arguments).command
    try:
        with explained():
            here = places.find()
            if command == "reset":
                print("\n".join(reset(here)))
                return 0
            return run(here) if command == "run" else services(here)
    except CannotRun as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
