"""The courses that ship, read from the files beside: lessons with a scenario and a quiz."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

#: The nine skills that courses teach, as the demands name them.
SKILLS = (
    "empathy",
    "critical_thinking",
    "complex_problems",
    "emotional_intelligence",
    "hand_over",
    "tool_use",
    "literacy",
    "data",
    "ethics",
)


@cache
def shipped() -> tuple[dict[str, Any], ...]:
    """Each course as the fields of a `Course`, the first one first."""
    files = sorted(
        Path(__file__).parent.glob("*.toml"), key=lambda path: (path.stem != "ai-basics", path.stem)
    )
    return tuple(_course(tomllib.loads(path.read_text(encoding="utf-8"))) for path in files)


def _course(said: dict[str, Any]) -> dict[str, Any]:
    place, lessons = 0, []
    for lesson in said["lessons"]:
        asked = list(lesson.get("quiz", ()))
        if "scenario" in lesson:
            asked.insert(0, {**lesson["scenario"], "story": lesson["scenario"]["text"]})
        quiz = []
        for question in asked:
            quiz.append(_turned(question, place))
            place += 1
        lessons.append({"title": lesson["title"], "text": lesson["text"].strip(), "quiz": quiz})
    return {**said, "lessons": lessons}


def _turned(question: dict[str, Any], turn: int) -> dict[str, Any]:
    """The same question with its choices turned, so that the right one has no usual place."""
    choices, by = list(question["choices"]), turn % len(question["choices"])
    return {
        "story": question.get("story", ""),
        "question": question["question"],
        "choices": choices[by:] + choices[:by],
        "right": (question["right"] - by) % len(choices),
        "why": question["why"],
    }
