"""What this release brings: the built-in assistant and the reader of meanings, with card and test results."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from aiassist.core.prompts import VERSION as PROMPT_VERSION
from aiassist.core.prompts import WORDINGS
from aiassist.egress import BUILT_IN
from governance.shipped import ShippedSystem, register, register_prompts

PROVIDER, MODEL = BUILT_IN
RELEASE = "1.0"
TESTED_ON = date(2026, 11, 24)
#: How the index names the reader of meanings.
EMBEDDER = "minilm-l6-int8"

#: How decisions name what sorts messages: the recipe, not what an organization's own tickets taught it.
SORTER = "topics-1"

#: What `aiassist/tests/test_pairs.py` measured, and measures again on every run.
PAIRS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "evaluation" / "measured_pairs.json").read_text(encoding="utf-8")
)

_LIMITS = "It answers from your articles and prepared replies only. It knows no orders and decides nothing."


def register_shipped() -> None:
    """Called once at the start of every process."""
    register_prompts(*WORDINGS)
    register(
        ShippedSystem(
            provider=PROVIDER,
            model=MODEL,
            prompts=(PROMPT_VERSION,),
            release=RELEASE,
            tested_on=TESTED_ON,
            name="Built-in assistant",
            purpose="Drafts answers from your own articles and prepared replies. A person reads and sends each one.",
            limits=_LIMITS,
            bounds="New articles and replies change what it says; that is the same assistant.",
            data="Your published articles and prepared replies; of a message what your rules name, with names, "
            "addresses and numbers replaced. Nothing leaves this installation.",
            known_failures="It may pick a passage that is near the question and not its answer, misses questions asked "
            "in two sentences, and knows nothing that no article says.",
            results={"passed": True, "source": "tests of the release"},
            pairs=PAIRS,
        )
    )
    register(
        ShippedSystem(
            provider=PROVIDER,
            model=EMBEDDER,
            prompts=("",),
            release=RELEASE,
            tested_on=TESTED_ON,
            name="Built-in assistant",
            purpose="Finds the passages that are near a question.",
            limits=_LIMITS,
            bounds="New articles are the same reader.",
            data="Texts of articles and of the question; nothing leaves this installation.",
            known_failures="It finds what is near in meaning, also where it is about something else.",
            results={"passed": True, "source": "tests of the release"},
        )
    )
    register(
        ShippedSystem(
            provider=PROVIDER,
            model=SORTER,
            prompts=("",),
            release=RELEASE,
            tested_on=TESTED_ON,
            name="Built-in assistant",
            purpose="Sorts messages under topics that an organization's own solved tickets taught it.",
            limits="It decides nothing about a customer. It says nothing where it is not sure.",
            bounds="It learns again from newly solved tickets, by the same recipe and from at most 3,000 of them; that "
            "is the same sorter. It speaks from the confidence on at which 95 % of its own examples, left out, were "
            "right.",
            data="Subject and text of first messages of solved tickets, of customers who did not say no. Nothing "
            "leaves this installation, and no words are kept.",
            known_failures="Topics that people mix up, it mixes up. It knows less of messages that are not in English.",
            results={"passed": True, "source": "tests of the release"},
        )
    )
