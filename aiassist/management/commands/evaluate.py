"""Print the figures of one measure: `python manage.py evaluate KIND ...`, without a database or the network."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aiassist.evaluation import KINDS, EvaluationError


class Command(BaseCommand):
    """Hands over to the module of the kind and prints what it found."""

    help = "Print the figures of one measure of the AI assistance. Needs no database and no network."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        for name, (module, words) in KINDS.items():
            one = kinds.add_parser(name, help=words, description=f"Measure {words}.")
            import_module(module).add_arguments(one)
            one.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        module = import_module(KINDS[options["kind"]][0])
        try:
            figures = module.run(options)
        except EvaluationError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            for line in _lines(figures):
                self.stdout.write(line)


def _lines(figures: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield f"{indent}{name}"
            yield from _lines(value, f"{indent}  ")
        else:
            yield (
                f"{indent}{name:<28} {value:.4f}"
                if isinstance(value, float)
                else f"{indent}{name:<28} {value}"
            )
