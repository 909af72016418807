"""How many messages that only people answer are found before any AI service sees them, and how many others are not."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiassist.core import sensitive, sensitive_meaning
from aiassist.core.topics import policy_topics

SET = Path(__file__).parent / "sets" / "sensitive.txt"
FINE = "fine"
#: Words of the rules were tuned on the first and the meaning learned from the first two; the last is only measured.
PARTS = ("tuning", "kept", "fresh")
#: A wish for a person keeps the AI away as a topic does, but is the customer's choice and no topic of the rules.
PERSON = "person_please"


@dataclass(frozen=True)
class Labelled:
    """A message with the topic that a person gave it; `fine` for none."""

    language: str
    part: str
    topic: str
    text: str


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `evaluate sensitive`."""
    parser.add_argument("--part", choices=PARTS, help="only one part; `fresh` was never learned from")


def run(options: Mapping[str, Any]) -> dict[str, object]:
    """Return the share found of what is sensitive (by any topic, and by its own), and of everyday messages."""
    rows = [one for one in labelled() if not options.get("part") or one.part == options["part"]]
    private = [one for one in rows if one.topic != FINE]
    everyday = [one for one in rows if one.topic == FINE]
    began = time.perf_counter()
    found = {one: found_in(one.text) for one in rows}
    spent = time.perf_counter() - began
    by_topic: defaultdict[str, list[bool]] = defaultdict(list)
    for one in private:
        by_topic[one.topic].append(bool(found[one]))
    return {
        "texts": len(rows),
        "sensitive": len(private),
        "recall": _share([bool(found[one]) for one in private]),
        "recall_by_its_own_topic": _share([one.topic in found[one] for one in private]),
        "false_alarms": _share([bool(found[one]) for one in everyday]),
        "recall_of_fresh": _share([bool(found[one]) for one in private if one.part == "fresh"]),
        "false_alarms_of_fresh": _share([bool(found[one]) for one in everyday if one.part == "fresh"]),
        "ms_per_text": spent * 1000 / len(rows),
        "by_topic": {topic: f"{sum(hits)} of {len(hits)}" for topic, hits in sorted(by_topic.items())},
    }


def found_in(text: str) -> frozenset[str]:
    """The topics as the rules name them, with the wish for a person."""
    found = sensitive.topics(text)
    return policy_topics(found) | ({PERSON} & found) | sensitive_meaning.topics(text)


def labelled() -> Iterator[Labelled]:
    """The set, in the order of its file."""
    language = part = ""
    for line in SET.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            language, part = line[3:5], line[6:] or "tuning"
        elif line and not line.startswith("#"):
            topic, _, text = line.partition(": ")
            yield Labelled(language, part, topic, text)


def _share(hits: list[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
