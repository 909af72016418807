"""The set-up's screens: rooms register theirs, this keeps their order and how far an owner came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from helpdesk.people.models import FirstDay
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id


@dataclass(frozen=True)
class Screen:
    """One of the set-up's screens. `is_done` is asked in the scope and costs one query at most."""

    key: str
    label: str | Promise
    url_name: str
    order: int
    is_done: Callable[[], bool]


@dataclass(frozen=True)
class ScreenState:
    """A screen in the line of steps."""

    number: int
    label: str | Promise
    url: str
    current: bool
    state: str  # done | skipped | open


_screens: dict[str, Screen] = {}


def register(screen: Screen) -> None:
    """Add a screen; called in `AppConfig.ready`. Registering twice is no error."""
    _screens[screen.key] = screen


def screens() -> list[Screen]:
    """All of them, in their order."""
    return sorted(_screens.values(), key=lambda screen: screen.order)


def known(key: str) -> bool:
    """Whether there is such a screen."""
    return key in _screens


def row() -> FirstDay:
    """How far the organization came; made where it is missing. One query as a rule."""
    return FirstDay.objects.get_or_create()[0]


def neighbour_url(key: str, step: int) -> str:
    """The address of the screen after (1) or before (-1) this one; empty at either end."""
    ordered = [screen.key for screen in screens()]
    at = ordered.index(key) + step
    return reverse(_screens[ordered[at]].url_name) if 0 <= at < len(ordered) else ""


def next_url(key: str) -> str:
    """Where to go when this screen is done: the next one, or the end of the set-up."""
    return neighbour_url(key, 1) or reverse("setup-finish")


def resume_url() -> str:
    """Where the owner left off."""
    left_at = row().screen
    ordered = screens()
    found = next((screen for screen in ordered if screen.key == left_at), ordered[0])
    return reverse(found.url_name)


def skip(key: str) -> str:
    """Leave the screen for later; returns where to go."""
    day = row()
    if key not in day.skipped:
        FirstDay.objects.filter(pk=day.pk).update(skipped=[*day.skipped, key])
    return next_url(key)


def finish() -> None:
    """The owner went through to the end; what is open stays on the desk's list."""
    FirstDay.objects.filter(finished_at=None).update(finished_at=timezone.now(), screen="")


def show_checklist(*, shown: bool) -> None:
    """Hide the list from the desk, or bring it back."""
    Organization.objects.filter(pk=current_organization_id()).update(checklist_shown=shown)


def _line(day: FirstDay, key: str) -> list[ScreenState]:
    line = []
    for number, screen in enumerate(screens(), 1):
        state = "done" if screen.is_done() else "skipped" if screen.key in day.skipped else "open"
        line.append(ScreenState(number, screen.label, reverse(screen.url_name), screen.key == key, state))
    return line


def render_screen(
    request: HttpRequest, key: str, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The screen inside the set-up's shell; notes that the owner is here. `template` extends setup/base.html."""
    day = row()
    if day.screen != key:
        FirstDay.objects.filter(pk=day.pk).update(screen=key)
    line = _line(day, key)
    shell = {
        "line": line,
        "number": next(one.number for one in line if one.current),
        "total": len(line),
        "screen": key,
        "back_url": neighbour_url(key, -1),
        "skip_url": reverse("setup-skip", args=[key]),
        "is_last": not neighbour_url(key, 1),
    }
    return render(request, template, {**context, **shell}, status=status)
