"""Celery as an alarm clock: rows are the promise, tasks only wake the work up sooner (architecture.md 4).

The settings keep a killed worker's task from being lost and never delay one: no ETA, no countdown anywhere.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceoc.settings")

from django.conf import settings

from ceoc.ops import due

EVERY = 5.0
"""Seconds between two sweeps that beat asks for; `manage.py run_due` sweeps more often and without Redis."""

app = Celery("ceoc")
app.conf.update(
    broker_url=settings.REDIS_URL,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,  # seconds; longer than the longest task
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    },
    task_default_queue="now",
    timezone="UTC",
    task_create_missing_queues=True,
)
app.autodiscover_tasks()


@app.on_after_finalize.connect
def sweep_often(sender: Celery, **_: object) -> None:
    """Beat asks for every registered sweep; one that nobody took in time is dropped, the next one does its work."""
    for name in due.names():
        task = sender.signature("ceoc.ops.tasks.sweep", args=(name,))
        sender.add_periodic_task(EVERY, task, name=f"sweep {name}", expires=EVERY)
