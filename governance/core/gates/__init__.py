"""The one registry of checks: every ``gNN_*.py`` in this folder, in the order of their codes."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

from governance.core.gates.base import Gate

__all__ = ["GATES", "Gate", "gate"]


def _load(module_name: str) -> Gate:
    """The one check in that file; a file with none, two or another code than its name stops the start."""
    module = import_module(f"{__name__}.{module_name}")
    found = [
        thing
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Gate) and thing.__module__ == module.__name__
    ]
    if len(found) != 1 or found[0].code != module_name[:3].upper():
        message = f"{module.__name__} must hold exactly one check, with the code of its file name."
        raise ImportError(message)
    one: Gate = found[0]()
    return one


GATES: tuple[Gate, ...] = tuple(
    _load(name) for name in sorted(module.name for module in pkgutil.iter_modules(__path__)) if name != "base"
)


def gate(code: str) -> Gate:
    """The check with this code; KeyError when there is none."""
    return {one.code: one for one in GATES}[code]
