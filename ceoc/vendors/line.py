"""The one place where requests leave for a vendor: time-outs, the three errors, and the note of when it last answered.

All three libraries send through a `Line`, an adapter of `requests`. It sees every single request: what a library would
retry, wait for or follow by itself is turned into an error of ours here, before the library can.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
import requests
import structlog
import urllib3
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, ProxyError, RequestException, SSLError, Timeout
from requests.utils import get_environ_proxies
from urllib3.exceptions import MaxRetryError, NewConnectionError

from ceoc import clock
from ceoc.vendors.answers import Answer, verdict
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable, VendorError

log = structlog.get_logger(__name__)


class Limits(msgspec.Struct, frozen=True):
    """How long and how much, in seconds and bytes."""

    connect: float = 2.0
    read: float = 5.0
    """Between two pieces of an answer."""
    whole: float = 15.0
    """For all of an answer, however steadily it drips."""
    largest: int = 20_000_000


class Hearing(Protocol):
    """Is told of each answer, and of each time that there was none."""

    def heard(self, vendor: str, account: str) -> None:
        """The vendor answered."""

    def failed(self, vendor: str, account: str, reason: str) -> None:
        """The vendor did not answer, or does not let us in."""


class Party(msgspec.Struct, frozen=True):
    """Whom a line goes to."""

    vendor: str
    """`pagerduty`, `zendesk` or `slack`."""
    name: str
    """As people say it, for sentences."""
    url: str
    """Base address; requests to any other are refused, so that a token never leaves for elsewhere."""
    account: str = ""


def by_method(request: requests.PreparedRequest) -> bool:
    """Whether a request changes something, told by its method."""
    return request.method not in ("GET", "HEAD", "OPTIONS")


class Line(HTTPAdapter):
    """Sends requests to one vendor. Raises one of the three errors; returns complete, successful answers only."""

    def __init__(
        self,
        party: Party,
        hearing: Hearing,
        *,
        limits: Limits | None = None,
        writes: Callable[[requests.PreparedRequest], bool] = by_method,
        stands_for: str = "",
    ) -> None:
        """`stands_for` is an address that a library insists on; requests to it go to the party's own."""
        super().__init__(max_retries=0, pool_maxsize=16)
        self.party = party
        self._hearing = hearing
        self._limits = limits or Limits()
        self._writes = writes
        self._stands_for = stands_for
        self._base = party.url.rstrip("/") + "/"

    def session(self) -> requests.Session:
        """A session that can reach this party and nothing else, and reads neither .netrc nor proxy variables itself."""
        session = requests.Session()
        self.attach(session)
        return session

    def attach(self, session: requests.Session) -> None:
        """Makes this line the only way out of a session."""
        session.trust_env = False
        session.max_redirects = 0
        session.adapters.clear()
        session.mount("http://", self)
        session.mount("https://", self)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Sends once. What the library wishes for time-outs or streaming is not asked."""
        writes = self._writes(request)
        out = request.copy()
        out.url = self._address(request.url or "")
        try:
            response = self._ask(out, writes)
            error = verdict(_answer(response), name=self.party.name, writes=writes, wall=clock.wall())
        except VendorError as lost:
            self._tell(lost)
            raise
        self._tell(error)
        if error is not None:
            raise error
        response.request = request  # the library looks at the address that it asked for
        return response

    def _address(self, url: str) -> str:
        if self._stands_for and url.startswith(self._stands_for):
            return self._base + url[len(self._stands_for) :]
        if not url.startswith(self._base):
            raise Refused(f"{self.party.name} named an address that is not its own; nothing was sent there.")
        return url

    def _ask(self, request: requests.PreparedRequest, writes: bool) -> requests.Response:
        limits = self._limits
        try:
            response = super().send(
                request,
                stream=True,
                timeout=(limits.connect, limits.read),
                proxies=get_environ_proxies(self._base),
            )
            _take_whole(response, limits)
        except (RequestException, urllib3.exceptions.HTTPError, OSError, _TooMuchError) as error:
            raise self._lost(error, writes) from error
        return response

    def _lost(self, error: Exception, writes: bool) -> VendorError:
        """What an exchange without a complete answer is: before the request left nothing can have been done."""
        name = self.party.name
        if isinstance(error, ConnectTimeout | ProxyError | SSLError) or _never_connected(error):
            return Unavailable(f"{name} cannot be reached.")
        if writes:
            return Ambiguous(f"{name} took the request and did not answer; it may have been done.")
        if isinstance(error, Timeout | urllib3.exceptions.TimeoutError):
            return Unavailable(f"{name} did not answer in time.")
        return Unavailable(f"{name} broke off its answer.")

    def _tell(self, error: VendorError | None) -> None:
        """Notes that the vendor answered or not. Being refused is an answer, except where it does not know us."""
        silent = isinstance(error, Unavailable | Ambiguous) or (isinstance(error, Refused) and error.status == 401)
        if error is not None and silent:
            log.warning("vendor_failed", vendor=self.party.vendor, account=self.party.account, reason=error.sentence)
            self._hearing.failed(self.party.vendor, self.party.account, error.sentence)
        else:
            self._hearing.heard(self.party.vendor, self.party.account)


class _TooMuchError(Exception):
    """An answer larger or slower than is reasonable."""


def _take_whole(response: requests.Response, limits: Limits) -> None:
    """Reads the whole body now, within its limits, so that nothing is left for the library to wait for."""
    until, size, parts = time.monotonic() + limits.whole, 0, []
    while part := response.raw.read1(65_536, decode_content=True):
        size += len(part)
        if size > limits.largest or time.monotonic() > until:
            response.close()
            raise _TooMuchError
        parts.append(part)
    response._content = b"".join(parts)  # as requests does itself after reading
    response._content_consumed = True  # type: ignore[attr-defined]
    response.raw.release_conn()


def _answer(response: requests.Response) -> Answer:
    return Answer(response.status_code, dict(response.headers), response.content)


def _never_connected(error: Exception) -> bool:
    """Whether the connection itself could not be made (refused, no such host, no route)."""
    inner = error.args[0] if isinstance(error, ConnectionFailed) and error.args else None
    return isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)
