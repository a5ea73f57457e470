"""The product's own processes, and the steps from nothing to an address."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from ceoc.env import Environment
from ceoc.runner import beside, demo, leftovers, ports, stores
from ceoc.runner.errors import CannotRun
from ceoc.runner.places import Places
from ceoc.runner.process import Program
from ceoc.runner.supervise import Supervisor

FIRST_SCENARIO = "two-at-once"
"""What the sandbox plays when a folder is started for the first time, so that the board is not empty."""

SEEDED = "seeded"
READY_WITHIN = 90.0

ROOT_IS_FINE = "ignore:You're running the worker with superuser privileges"
"""A warning of Celery's that holds for workers that read pickles; ours read JSON alone."""

CHECK_SETTINGS = "from ceoc.env import explained\nwith explained():\n    import ceoc.settings\n"


def environment(here: Places, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of all processes but for the stores' addresses. Raises SettingsError, or CannotRun on a port."""
    reader = Environment(given)
    port = reader.number("PORT", what="the port of the web server", default=8000, least=1, most=65535)
    reader.check()
    if not ports.is_free(port):
        raise CannotRun(
            f"Port {port} is taken by {ports.holder(port)}. Choose another one: PORT={ports.free(port + 1)} make run"
        )
    made = {**given, **demo.defaults(given, var=here.var, port=port, key_folder=here.keys), "PYTHONUNBUFFERED": "1"}
    for name in ("NO_PROXY", "no_proxy"):  # the sandbox is reached directly, whatever proxy the machine has
        made[name] = ",".join(filter(None, [given.get(name), ports.HOST, "localhost"]))
    return made


def bring_up(here: Places, supervisor: Supervisor, env: dict[str, str]) -> None:
    """Stores, migration, demo people, processes, then the address. Returns early when all is to end."""
    _refuse_bad_settings(supervisor, env)
    env |= stores.start(here, supervisor, env)
    beside.keep(here, env)
    for arguments in (["migrate", "--no-input", "-v", "1"], *([["demo_people"]] if env["DEMO"] == "1" else [])):
        _manage(supervisor, env, *arguments)
    if supervisor.ending:
        return
    for program in programs(env, first=not (here.var / SEEDED).exists()):
        supervisor.keep(program, env)
    _say_when_ready(here, supervisor, env)


def programs(env: Mapping[str, str], *, first: bool) -> list[Program]:
    """What runs besides the stores. On the first start of a folder the sandbox plays a scenario by itself."""
    python = sys.executable
    celery = [python, "-W", ROOT_IS_FINE, "-m", "celery", "--quiet", "-A", "ceoc"]
    worker = [*celery, "worker", "--pool", "threads", "--loglevel", "info", "--without-gossip", "--without-mingle"]
    web = [python, "-m", "uvicorn", "ceoc.asgi:application", "--host", ports.HOST, "--port", env["PORT"],
           "--timeout-graceful-shutdown", "3", "--no-access-log"]  # fmt: skip
    beat_file = os.path.join(env["CEOC_VAR"], "run", "beat")  # noqa: PTH118 - a plain argument
    found = [
        Program("web", web),
        Program("worker-now", [*worker, "-Q", "now", "--concurrency", "8", "--hostname", "now@%h"]),
        Program("worker-later", [*worker, "-Q", "later", "--concurrency", "2", "--hostname", "later@%h"]),
        Program("beat", [*celery, "beat", "--loglevel", "info", "--schedule", beat_file, "--pidfile="]),
        Program("run-due", [python, "manage.py", "run_due"]),
    ]
    if env.get("SANDBOX", "1") != "0":
        play = {"SANDBOX_AUTOPLAY": FIRST_SCENARIO} if first and "SANDBOX_AUTOPLAY" not in env else {}
        found.append(Program("sandbox", [python, "-m", "sandbox"], first_environment=play))
    return found


def _refuse_bad_settings(supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """Reads the settings before anything is started; what they say has been printed when this exits with 2."""
    pretend = {"DATABASE_URL": "postgresql://u@127.0.0.1/ceoc", "REDIS_URL": "redis://127.0.0.1/0", **env}
    code = supervisor.once(Program("settings", [sys.executable, "-c", CHECK_SETTINGS]), pretend)
    if code and not supervisor.ending:
        sys.exit(2)


def _manage(supervisor: Supervisor, env: Mapping[str, str], *arguments: str) -> None:
    if supervisor.ending:
        return
    program = Program(arguments[0], [sys.executable, "manage.py", *arguments])
    code = supervisor.once(program, env)
    if code and not supervisor.ending:
        raise CannotRun(f"manage.py {' '.join(arguments)} failed with exit code {code}. Its log above says why.")


def _say_when_ready(here: Places, supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """Waits for /readyz, keeps the address in var/run/address, and prints it."""
    address = f"http://{ports.HOST}:{env['PORT']}"
    told = ["it does not answer"]

    def is_ready() -> bool:
        told[0] = readiness(address)
        return not told[0]

    try:
        supervisor.until(is_ready, name="The web server", seconds=READY_WITHIN)
    except CannotRun:
        supervisor.say(f"{address} is up but not ready: {told[0]}. What died is being restarted.")
    if supervisor.ending:
        return
    (here.run / leftovers.ADDRESS).write_text(address + "\n", encoding="utf-8")
    (here.var / SEEDED).touch()
    sandbox = f"\n  The sandbox's vendors answer at {env['SANDBOX_URL']}" if env.get("SANDBOX", "1") != "0" else ""
    supervisor.plain(f"\n  CEOC is ready: {address}{sandbox}\n  Ctrl-C ends it and keeps the data in {here.var}\n")


def readiness(address: str) -> str:
    """What /readyz lacks, in words; "" when it is ready."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/readyz", timeout=2):
            return ""
    except urllib.error.HTTPError as error:
        return f"/readyz answers {error.code} {_short(error.read())}"
    except OSError:
        return "it does not answer"


def _short(body: bytes) -> str:
    text = body[:500].decode("utf-8", "replace").strip()
    try:
        return json.dumps(json.loads(text))
    except ValueError:
        return text.splitlines()[0] if text else ""
