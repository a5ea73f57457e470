"""The servers: one for each host and port, all in one loop, with the webhooks' sender and the player beside them."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import control
from sandbox.box import Box
from sandbox.config import Address, Config
from sandbox.pagerduty.app import app as pagerduty_app
from sandbox.player import Player
from sandbox.sender import Sender
from sandbox.slack.app import app as slack_app
from sandbox.vendors import Vendors
from sandbox.zendesk.app import app as zendesk_app


class PortTaken(RuntimeError):
    """Somebody else answers on that port; the sentence says which."""


class Faulty:
    """An application that can be told to be down or slow."""

    def __init__(self, box: Box, vendor: str, inner: ASGIApp) -> None:
        """`vendor` is the name under which faults are kept."""
        self._box, self._vendor, self._inner = box, vendor, inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless a fault says otherwise."""
        fault = self._box.store.get("fault", self._vendor) or {"mode": "ok"}
        if scope["type"] == "http" and fault["mode"] == "down":
            await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            return
        if scope["type"] == "http" and fault["mode"] == "slow":
            await asyncio.sleep(fault["seconds"])
        await self._inner(scope, receive, send)


class ByPrefix:
    """Several applications behind one port, told apart by the beginning of the path (the longest that fits)."""

    def __init__(self, apps: dict[str, ASGIApp]) -> None:
        """Prefixes without a closing slash; '' takes what is left."""
        self._apps = dict(sorted(apps.items(), key=lambda item: -len(item[0])))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, with the prefix in `root_path`."""
        if scope["type"] != "http":
            return
        for prefix, app in self._apps.items():
            if not prefix or scope["path"] == prefix or scope["path"].startswith(prefix + "/"):
                await app({**scope, "root_path": prefix}, receive, send)
                return
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


class Server(uvicorn.Server):
    """A server that leaves signals to whoever runs several."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing to capture."""
        yield


def _apps(box: Box, player: Player) -> list[tuple[Address, ASGIApp]]:
    """Every application with its address."""
    config, vendors = box.config, player.vendors
    apps: list[tuple[Address, ASGIApp]] = [
        (config.control, control.app(player)),
        (config.pagerduty, Faulty(box, "pagerduty", pagerduty_app(box, vendors.pagerduty))),
        (config.slack, Faulty(box, "slack", slack_app(vendors.slack))),
    ]
    for name, tickets in vendors.tickets.items():
        apps.append((config.zendesk[name].address, Faulty(box, f"zendesk_{name}", zendesk_app(tickets))))
    return apps


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as problem:
        raise PortTaken(f"The sandbox cannot listen on {host}:{port}: {problem.strerror}.") from None
    made.set_inheritable(True)
    return made


def servers(box: Box, player: Player) -> list[tuple[Server, socket.socket]]:
    """One server for each host and port; raises PortTaken."""
    ports: dict[tuple[str, int], dict[str, ASGIApp]] = {}
    for address, app in _apps(box, player):
        ports.setdefault((address.host, address.port), {})[address.prefix] = app
    made = []
    for (host, port), apps in ports.items():
        options: dict[str, Any] = {
            "log_level": "warning",
            "access_log": False,
            "lifespan": "off",
            "timeout_graceful_shutdown": 2,
        }
        made.append((Server(uvicorn.Config(ByPrefix(apps), **options)), _listen(host, port)))
    return made


async def _until(stop: asyncio.Event) -> None:
    """Wait for the event."""
    await stop.wait()


def _greeting(config: Config) -> str:
    """Where everything answers."""
    zendesk = " · ".join(f"Zendesk {name} {account.address.url}" for name, account in config.zendesk.items())
    pagerduty, slack = config.pagerduty.url, config.slack.url
    return f"Sandbox: control {config.control.url} · PagerDuty {pagerduty} · Slack {slack} · {zendesk}"


async def run(config: Config) -> None:
    """Serve until told to end; raises PortTaken."""
    box = Box.open(config)
    player = Player(Vendors(box))
    listening = servers(box, player)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    work = [asyncio.create_task(server.serve(sockets=[listener])) for server, listener in listening] + [
        asyncio.create_task(Sender(box.store, box.hooks).run(box.clock.wall)),
        asyncio.create_task(player.run()),
    ]
    autoplay = asyncio.create_task(player.autoplay(config.autoplay, config.product_url))
    sys.stdout.write(_greeting(config) + "\n")
    sys.stdout.flush()
    waiting = asyncio.create_task(_until(stop))
    done, _ = await asyncio.wait([waiting, *work], return_when=asyncio.FIRST_COMPLETED)
    for server, _listener in listening:
        server.should_exit = True
    for task in [*work[len(listening) :], autoplay]:
        task.cancel()
    await asyncio.gather(*work, autoplay, return_exceptions=True)
    for task in done - {waiting}:
        task.result()
