"""The lessons of a course as a person writes them: plain text with a mark at the start of some lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from governance.core.sentence import Sentence, gettext_noop


class LessonError(ValueError):
    """The text cannot be read as lessons; `sentence` says what is missing and where."""

    def __init__(self, words: str, **values: Any) -> None:
        self.sentence = Sentence(words, values)
        super().__init__(words)


def written(lessons: Iterable[dict[str, Any]]) -> str:
    """Lessons as text. What `read` makes of it is the same again."""
    lines: list[str] = []
    for lesson in lessons:
        lines += [f"# {lesson['title']}", "", lesson.get("text", ""), ""]
        for one in lesson.get("quiz", []):
            lines += [f"? {one['question']}"]
            if one.get("story"):
                lines += [f"~ {one['story']}"]
            for place, choice in enumerate(one["choices"]):
                lines += [f"{'+' if place == one['right'] else '-'} {choice}"]
            if one.get("why"):
                lines += [f"= {one['why']}"]
            lines += [""]
    return "\n".join(lines).strip()


def read(text: str) -> list[dict[str, Any]]:
    """Lessons from text: `#` a title, `?` a question, `~` its story, `-` a choice, `+` the right one, `=` why.

    Every other line belongs to the lesson's text. Raises LessonError.
    """
    lessons: list[dict[str, Any]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        mark, rest = (line[0], line[2:].strip()) if line[1:2] == " " else ("", "")
        if mark == "#" and rest:
            lessons.append({"title": rest, "text": "", "quiz": []})
        elif not lessons and line.strip():
            raise LessonError(gettext_noop("Begin with a line such as “# The first lesson”."))
        elif mark == "?" and rest:
            lessons[-1]["quiz"].append(
                {"story": "", "question": rest, "choices": [], "right": None, "why": ""}
            )
        elif mark in {"~", "-", "+", "="} and mark and lessons and lessons[-1]["quiz"]:
            _into(lessons[-1]["quiz"][-1], mark, rest)
        elif lessons:
            lessons[-1]["text"] += line + "\n"
    for lesson in lessons:
        lesson["text"] = lesson["text"].strip()
        for one in lesson["quiz"]:
            _require_question(one)
    return lessons


def _into(question: dict[str, Any], mark: str, rest: str) -> None:
    if mark == "~":
        question["story"] = rest
    elif mark == "=":
        question["why"] = rest
    else:
        if mark == "+":
            if question["right"] is not None:
                raise LessonError(
                    gettext_noop("“{question}” has two right choices."), question=question["question"]
                )
            question["right"] = len(question["choices"])
        question["choices"].append(rest)


def _require_question(one: dict[str, Any]) -> None:
    if len(one["choices"]) < 2:
        raise LessonError(gettext_noop("“{question}” needs two choices or more."), question=one["question"])
    if one["right"] is None:
        raise LessonError(
            gettext_noop("Mark the right choice of “{question}” with a +."), question=one["question"]
        )
