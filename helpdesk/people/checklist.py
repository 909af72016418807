"""The first day's checklist: rooms register their steps, the desk shows what is still open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Step:
    """One thing to do on the first day. `is_done` is asked in the scope and costs one query at most."""

    key: str
    label: str | Promise
    hint: str | Promise
    url_name: str
    is_done: Callable[[], bool]
    order: int = 50


@dataclass(frozen=True)
class StepState:
    """A step as the desk shows it."""

    key: str
    label: str | Promise
    hint: str | Promise
    url: str
    done: bool


_steps: dict[str, Step] = {}


def register(step: Step) -> None:
    """Add a step; called in `AppConfig.ready`. Registering twice is no error."""
    _steps[step.key] = step


def states() -> list[StepState]:
    """Every step in its order with whether it is done; costs one query a step."""
    ordered = sorted(_steps.values(), key=lambda step: (step.order, step.key))
    return [
        StepState(step.key, step.label, step.hint, reverse(step.url_name), step.is_done()) for step in ordered
    ]
