"""Celery's part of the sweeps: an alarm clock, without rules of its own."""

from __future__ import annotations

from celery import shared_task

from ceoc import clock
from ceoc.ops import due, heartbeat


@shared_task(name="ceoc.ops.tasks.sweep", ignore_result=True)
def sweep(name: str) -> int:
    """Runs the sweep of that name once. Beat calls it every few seconds, `ceoc.wake` when there is something to do."""
    heartbeat.beat("worker", clock.wall())
    return due.run(name, clock.now())
