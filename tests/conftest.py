"""What every test stands on: servers of this run, and the environment, before Django's settings load."""

from __future__ import annotations

from tests import services

services.prepare()
