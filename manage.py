#!/usr/bin/env python
"""Django's command line for the dashboard."""

import os
import sys

from django.core.management import execute_from_command_line

from ceoc.env import explained
from ceoc.runner import beside


def main() -> None:
    """Runs a command, beside a running system with its settings. What cannot be used is said without a traceback."""
    os.environ.update(beside.environment(os.environ))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceoc.settings")
    with explained():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
