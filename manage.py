#!/usr/bin/env python
"""Django's command line for the dashboard."""

import os
import sys

from django.core.management import execute_from_command_line

from ceoc.env import explained


def main() -> None:
    """Runs a management command; settings that cannot be used are said without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceoc.settings")
    with explained():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
