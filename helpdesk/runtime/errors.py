"""What can go wrong while starting, each ending as one plain sentence for the person at the terminal."""

from __future__ import annotations


class RuntimeProblem(Exception):
    """Its text is one plain sentence that says what happened and what to do."""
