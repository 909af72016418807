"""Cut a text into words, numbers, marks and line ends, and describe each by itself and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from aiassist.core.lexicon import EVERYDAY, FIRST, FOREIGN, KNOWN, LAST, PLACE, RARE_LAST, STREET

_TOKEN = re.compile(r"\n+|\d+(?:[^\W\d_]{1,2}(?!\w))?|[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*|[^\w\s]|_")


class Token(NamedTuple):
    """A word, a number, a mark or a line end, and where it stands."""

    start: int
    end: int
    text: str


def tokenize(text: str) -> list[Token]:
    """All but spaces; a hyphen and a possessive 's stand alone."""
    return [Token(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text)]


def features(tokens: Sequence[Token], flags: Callable[[str], int]) -> list[list[str]]:
    """What the model sees of each token: its letters, what is known of it, and the same of two words on each side."""
    if not tokens:
        return []
    shapes = [_shape(token.text) for token in tokens]
    known = [_flags(flags(token.text)) if token.text[0].isalpha() else "" for token in tokens]
    lowered = [token.text.lower() if token.text[0] != "\n" else "\n" for token in tokens]
    case = _case(tokens)
    places = _places(tokens)
    lengths = _line_lengths(tokens)
    edge = ["^^", "^"]
    before, after = [*edge, *lowered], [*lowered, "$", "$$"]
    found = []
    for index, word in enumerate(lowered):
        shape, flag = shapes[index], known[index]
        one, two = before[index + 1], before[index]
        next_one, next_two = after[index + 1], after[index + 2]
        flag_before = known[index - 1] if index else "^"
        flag_after = known[index + 1] if index + 1 < len(tokens) else "$"
        shape_before = shapes[index - 1] if index else "^"
        shape_after = shapes[index + 1] if index + 1 < len(tokens) else "$"
        place = places[index]
        row = [
            f"w={word}",
            f"s={shape}",
            f"f={flag}",
            f"c={case}",
            f"p={place}",
            f"sfc={shape}{flag}{case}",
            f"sfp={shape}{flag}{place}",
            f"sl={shape}{lengths[index]}",
            f"-1={one}",
            f"+1={next_one}",
            f"-2={two}",
            f"+2={next_two}",
            f"-1s={one}|{shape}",
            f"-1f={one}|{shape}{flag}",
            f"+1s={next_one}|{shape}",
            f"-21={two}|{one}",
            f"-21s={two}|{one}|{shape}",
            f"+12={next_one}|{next_two}",
            f"-+={one}|{next_one}",
            f"f-={flag_before}",
            f"f+={flag_after}",
            f"f-f={flag_before}|{flag}",
            f"ff+={flag}|{flag_after}",
            f"s-s={shape_before}|{shape}",
            f"ss+={shape}|{shape_after}",
            f"s-ss+={shape_before}|{shape}|{shape_after}",
        ]
        if word[0].isalpha():
            row += [f"e1={word[-1]}", f"e2={word[-2:]}", f"e3={word[-3:]}", f"e4={word[-4:]}"]
            row += [f"b2={word[:2]}", f"b3={word[:3]}", f"e3s={word[-3:]}{shape}{case}"]
        found.append(row)
    return found


def _shape(text: str) -> str:
    first = text[0]
    if first.isalpha():
        return _letters(text)
    if first == "\n":
        return "N"
    if not first.isdigit():
        return text
    return f"d{min(len(text), 6)}" if text.isdigit() else "dx"


def _letters(text: str) -> str:
    if len(text) == 1:
        return "A" if text.isupper() else "a"
    if text.islower():
        return "xx"
    if text.isupper():
        return "XX"
    if not text[0].isupper():
        return "xX"
    return "Xx" if text[1:].islower() else "XxX"


def _flags(known: int) -> str:
    if not known:
        return "?"
    last = "L" if known & LAST else "l" if known & RARE_LAST else ""
    common = "E" if known & EVERYDAY else "e" if known & KNOWN else ""
    return "".join(
        (
            "F" if known & FIRST else "",
            last,
            "P" if known & PLACE else "",
            "S" if known & STREET else "",
            common,
            "o" if known & FOREIGN else "",
        )
    )


def _case(tokens: Sequence[Token]) -> str:
    """How the text is written as a whole: all small, all capitals, or as usual."""
    letters = [token.text for token in tokens if token.text[0].isalpha() and len(token.text) > 1]
    if not letters:
        return "-"
    if all(word.islower() for word in letters):
        return "l"
    capitals = sum(word.isupper() for word in letters)
    if capitals > 0.7 * len(letters):
        return "U"
    # A headline, or a mail written in capitals at the beginning of words.
    titled = sum(word[0].isupper() for word in letters)
    return "T" if titled > 0.7 * len(letters) else "m"


def _places(tokens: Sequence[Token]) -> list[str]:
    """Where a token stands: first of a line, first of a sentence, or inside."""
    found = []
    start = "L"
    for token in tokens:
        found.append(start)
        if token.text[0] == "\n":
            start = "L"
        elif token.text in '.!?:"“”„«»()*>…-':
            start = "S" if start == "" else start
        else:
            start = ""
    return found


def _line_lengths(tokens: Sequence[Token]) -> list[str]:
    """How many tokens the line has, roughly: names and addresses stand on short lines."""
    found: list[str] = []
    line = 0
    for token in [*tokens, Token(0, 0, "\n")]:
        if token.text[0] == "\n":
            size = "1" if line <= 1 else "2" if line == 2 else "3" if line == 3 else "6" if line <= 6 else "9"
            found += [size] * line + ["0"]
            line = 0
        else:
            line += 1
    return found[: len(tokens)]
