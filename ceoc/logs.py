"""Structured logs: one JSON object a line, with the id of the request, delivery or command at work, never a secret.

    log = structlog.get_logger(__name__)
    with logs.bound(delivery_id=delivery.public_id):
        log.info("delivery.read", kind=delivery.kind)

Events are constant words and values are fields of their own, so that a hostile customer's name cannot forge a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

HIDDEN = "[hidden]"

SECRET_KEYS = re.compile(
    r"token|secret|passw|authorization|signature|cookie|session|csrf|api_?key|credential", re.IGNORECASE
)
"""Names of fields whose value is hidden whatever it is."""

SECRET_TEXT = (
    (re.compile(r"(?i)\b(bearer|basic|token\s+token=)\s*[\w+/=.~-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\bxox[a-z]-[\w-]+"), HIDDEN),
    (re.compile(r"(?i)\b([\w-]*(?:token|secret|passw(?:or)?d|signature|api_?key))=[^&\s'\"]+"), rf"\1={HIDDEN}"),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), f"://{HIDDEN}@"),
)
"""What is hidden inside any text: authorization headers, Slack tokens, query strings, passwords in addresses."""

HEARD = ("django", "uvicorn", "uvicorn.error", "celery")
"""Libraries whose own handlers are taken away, so that their lines go through our formatter."""

QUIET = (
    "urllib3", "requests", "pdpyras", "zenpy", "slack_sdk", "kombu", "amqp", "uvicorn.access", "django.server",
    "celery.app.trace", "celery.beat", "celery.worker.strategy",
)  # fmt: skip
"""Libraries that write customers' words, addresses with e-mails, or every sweep below the level of a warning."""

SHORTEST_SECRET = 6
"""Shorter values are no secrets, and hiding them would blot out words."""

Event = MutableMapping[str, Any]

_secrets: list[Callable[[], list[str]]] = []


def hide(secrets: Iterable[Callable[[], list[str]]]) -> None:
    """Hides what these give, asked anew for each line, from now on."""
    _secrets[:] = list(secrets)


def bound(**ids: str) -> AbstractContextManager[None]:
    """Puts ids on every line that is written inside the block."""
    return structlog.contextvars.bound_contextvars(**ids)


def mask(_logger: Any, _method: str, event: Event) -> Event:
    """Hides secrets in an event: by a field's name, by a known value, by what text looks like."""
    values = [value for secret in _secrets for value in secret() if len(value) >= SHORTEST_SECRET]
    return {key: _masked(key, value, values) for key, value in event.items()}


def logging_config(*, debug: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to standard output through one formatter; plain lines with `debug`, else JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.PositionalArgumentsFormatter(), _for_formatter()],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    through_root: dict[str, Any] = {"handlers": [], "propagate": True}
    lines = {"()": "structlog.stdlib.ProcessorFormatter", "processors": _rendering(debug), "foreign_pre_chain": shared}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "lines"}},
        "root": {"handlers": ["out"], "level": "INFO"},
        "loggers": {
            **{name: through_root | {"level": "INFO"} for name in HEARD},
            **{name: through_root | {"level": "WARNING"} for name in QUIET},
        },
    }


def _for_formatter() -> Any:
    return structlog.stdlib.ProcessorFormatter.wrap_for_formatter


def _rendering(debug: bool) -> list[Any]:
    """The last steps of every line, of ours and of libraries: the mask comes after the traceback is text."""
    last = (
        structlog.dev.ConsoleRenderer(colors=False) if debug else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask,
        last,
    ]


def _masked(key: str, value: Any, secrets: list[str]) -> Any:
    """A field's value without secrets, however deep."""
    if SECRET_KEYS.search(key):
        return HIDDEN
    if isinstance(value, str):
        return _masked_text(value, secrets)
    if isinstance(value, bytes):
        return _masked_text(value.decode(errors="replace"), secrets)
    if isinstance(value, dict):
        return {str(name): _masked(str(name), inner, secrets) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(key, inner, secrets) for inner in value]
    if value is None or isinstance(value, int | float):
        return value
    return _masked_text(str(value), secrets)


def _masked_text(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    for looks, instead in SECRET_TEXT:
        text = looks.sub(instead, text)
    return text
