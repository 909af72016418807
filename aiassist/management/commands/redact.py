"""Mask texts from standard input: JSON lines `{id, text}` in, `{id, masked, spans}` out."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aiassist.core.redact import mask


class Command(BaseCommand):
    """One line out for each line in, in order. Needs no database and no network; writes no text anywhere else."""

    help = (
        "Mask personal data in JSON lines {id, text} from standard input, without a database or the network."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json",
            action="store_true",
            help="print {id, masked, spans} for each line (else the masked text)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        for number, line in enumerate(sys.stdin, start=1):
            if not line.strip():
                continue
            try:
                given = json.loads(line)
                text = given["text"]
            except (ValueError, KeyError, TypeError) as error:
                raise CommandError(f'Line {number} is not a JSON object with "id" and "text".') from error
            sys.stdout.write(f"{_answer(given.get('id'), str(text), as_json=options['json'])}\n")
        sys.stdout.flush()


def _answer(given_id: object, text: str, *, as_json: bool) -> str:
    masked = mask(text)
    if not as_json:
        return masked.text
    spans = [{"start": one.start, "end": one.end, "type": one.kind} for one in masked.spans]
    return json.dumps({"id": given_id, "masked": masked.text, "spans": spans}, ensure_ascii=False)
