"""A kind of command whose vendor is played by the test: a list of what shall happen, and what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from ceoc.outbox import kinds
from ceoc.outbox.drafts import CommandDraft
from ceoc.outbox.kinds import Kind, Order, Sent, Settled
from ceoc.outbox.models import Command
from ceoc.outbox.queue import queue

NOW = datetime(2026, 7, 14, 16, 30, tzinfo=UTC)


class Post:
    """Plays a vendor. `plan` holds, for each sending, an error to raise before or after it was done, or None."""

    def __init__(self) -> None:
        self.plan: list[Exception | Callable[[Order], None] | None] = []
        self.applies_then_fails = False
        self.look_fails: Exception | None = None
        self.check_fails: Exception | None = None
        self.settle_fails: Exception | None = None
        self.done: list[str] = []
        self.asked: list[str] = []
        self.ended: list[Settled] = []
        self.tell_fails: Exception | None = None
        self.told: list[str] = []

    def send(self, order: Order) -> Sent:
        step = self.plan.pop(0) if self.plan else None
        if isinstance(step, Exception) and not self.applies_then_fails:
            raise step
        self.done.append(order.id)
        if isinstance(step, Exception):
            raise step
        if step is not None:
            step(order)
        return Sent({"id": f"answer to {order.id}"}, lambda now: self.tell(order))

    def look(self, order: Order) -> Sent | None:
        self.asked.append(order.id)
        if self.look_fails:
            raise self.look_fails
        return Sent({"id": "found"}) if order.id in self.done else None

    def check(self, order: Order, now: datetime) -> None:
        if self.check_fails:
            raise self.check_fails

    def settled(self, settled: Settled, now: datetime) -> None:
        if self.settle_fails:
            raise self.settle_fails
        self.ended.append(settled)

    def tell(self, order: Order) -> None:
        if self.tell_fails:
            raise self.tell_fails
        self.told.append(order.id)

    def register(self, name: str = "acknowledge", vendor: str = "pagerduty", **extra: Any) -> None:
        kinds.register(
            Kind(
                name=name,
                vendor=vendor,
                title=name,
                send=self.send,
                look=self.look,
                check=self.check,
                settled=self.settled,
                **extra,
            )
        )


def wish(about: str = "page:Q1", group: str = "aaaaaaaaaaaa", now: datetime = NOW, **extra: Any) -> Command:
    """A queued command."""
    draft = {"vendor": "pagerduty", "kind": "acknowledge", "by": "mira@demo.example", "klass": "global", **extra}
    return queue(CommandDraft(object=about, group=group, **draft), now)


def fresh(command: Command) -> Command:
    """The row as it is now."""
    return Command.objects.get(pk=command.pk)


def due_now(command: Command) -> None:
    """Lets the wait of a command be over."""
    Command.objects.filter(pk=command.pk).exclude(due_at=None).update(due_at=datetime.now(UTC) - timedelta(seconds=1))


def played() -> Iterator[Post]:
    """A post in the place of the product's own kinds, which come back afterwards."""
    kept = dict(kinds._kinds)
    post = Post()
    post.register()
    try:
        yield post
    finally:
        kinds._kinds.clear()
        kinds._kinds.update(kept)
