#!/usr/bin/env python
"""Django's command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run a management command, with the Celery app loaded so that tasks find their broker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    import helpdesk.celery  # noqa: F401

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if "connection failed" not in str(error):
            raise
        sys.exit(
            "The database does not answer: start `make services` (or `make run`) in another terminal, "
            "or set DATABASE_URL to one that runs."
        )


if __name__ == "__main__":
    main()
