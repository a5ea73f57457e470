"""The same desk as ingest's, with the outbox beside it."""

from __future__ import annotations

from tests.emergencies.ingest.conftest import desk, running_box

__all__ = ["desk", "running_box"]
