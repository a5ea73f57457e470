"""Every policy rule is registered by its id, so that it can be shown, counted, and switched off to prove that a test
holds it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import msgspec

P = ParamSpec("P")
R = TypeVar("R")


class Rule(msgspec.Struct, frozen=True):
    """One small function of the policy, and the numbered rules of the procedure that it carries."""

    name: str
    ids: tuple[str, ...]
    says: str


RULES: dict[str, Rule] = {}
"""Every registered rule by the name of its function."""

_off: set[str] = set(filter(None, os.environ.get("CEOC_RULE_OFF", "").split(",")))


def rule(*ids: str, off: Any = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Registers a policy function under the ids of its rules. `off` is what it answers while it is switched off."""

    def register(function: Callable[P, R]) -> Callable[P, R]:
        name = function.__name__
        RULES[name] = Rule(name, ids, (function.__doc__ or "").strip())

        @wraps(function)
        def judged(*args: P.args, **kwargs: P.kwargs) -> R:
            return off if name in _off else function(*args, **kwargs)

        return judged

    return register


@contextmanager
def switched_off(name: str) -> Iterator[None]:
    """Within it the named rule answers as if it did not exist; for `make rules` alone."""
    _off.add(name)
    try:
        yield
    finally:
        _off.discard(name)
