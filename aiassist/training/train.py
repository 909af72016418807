"""Train the finder of names and addresses on our own sentences: `python -m aiassist.training.train`.

The public texts of `--public` add the sentences of their training part (see `in_part`); the rest is only
ever measured. The same packages, texts and seed give the same model.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pycrfsuite
from faker import Faker

from aiassist.core import names
from aiassist.core.lexicon import NAME, flags_of
from aiassist.core.patterns import find_structured
from aiassist.core.tokens import Token, features
from aiassist.evaluation.redaction import in_part
from aiassist.training.fillers import Piece, fill

SENTENCES = Path(__file__).parent / "sentences"
SHARES = {"en": 0.62, "de": 0.15, "fr": 0.11, "es": 0.12}
SEED = 20
GREETINGS = {
    "en": [
        "Hi {first},",
        "Hello,",
        "Dear {title} {last},",
        "Hi there,",
        "Hello {first}",
        "Dear Sir or Madam,",
        "Hi all,",
    ],
    "de": [
        "Hallo {first},",
        "Sehr geehrte Damen und Herren,",
        "Guten Tag {title} {last},",
        "Liebe {first},",
        "Hallo,",
    ],
    "fr": ["Bonjour {first},", "Bonjour,", "Bonjour {title} {last},", "Madame, Monsieur,"],
    "es": ["Hola {first}:", "Hola,", "Estimado {title} {last}:", "Buenos días,"],
}
CLOSINGS = {
    "en": [
        "Regards,\n{person_any}",
        "Thanks\n{first}",
        "Best,\n{first}",
        "Thank you!",
        "Kind regards\n\n{person}",
        "{first}",
        "Cheers",
    ],
    "de": [
        "Viele Grüße\n{person_any}",
        "MfG\n{person}",
        "Danke!",
        "LG {first}",
        "Mit freundlichen Grüßen\n\n{person}",
    ],
    "fr": ["Cordialement,\n{person_any}", "Merci d'avance", "Merci\n{first}", "Bien à vous,\n{person}"],
    "es": ["Saludos,\n{person_any}", "Gracias", "Atentamente,\n{person}", "Un saludo\n{first}"],
}
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_LABELS = {"PERSON": "P", "ADDRESS": "A", "STREET_ADDRESS": "A"}


def main() -> None:
    """Make sentences, train, write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=30_000, help="how many texts to make")
    parser.add_argument("--rounds", type=int, default=70)
    parser.add_argument("--public", type=Path, help="texts with spans to add, training part only")
    options = parser.parse_args()
    random.seed(SEED)
    Faker.seed(SEED)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=True)
    trainer.set_params({"c1": 0.4, "c2": 0.02, "max_iterations": options.rounds, "feature.minfreq": 3})
    for text, marks in _texts(options.number):
        _append(trainer, text, marks)
    if options.public:
        for text, marks in _public(options.public):
            _append(trainer, text, marks)
    fresh = names.PATH.with_suffix(".new")
    trainer.train(str(fresh))
    fresh.replace(names.PATH)
    print(f"{names.PATH.stat().st_size} bytes")


def _append(trainer: Any, text: str, marks: str) -> None:
    tokens, labels = labelled(text, marks)
    if tokens:
        trainer.append(features(tokens, forgetful(tokens, labels)), labels)


def labelled(text: str, marks: str) -> tuple[list[Token], list[str]]:
    """The tokens as the finder will see them, structured data taken out, and the label of each."""
    tokens = names.visible(text, list(find_structured(text)))
    return tokens, [marks[token.start] if token.end else "O" for token in tokens]


def forgetful(tokens: list[Token], labels: list[str]) -> Callable[[str], int]:
    """In one text of three, names are in no list: the model must learn to do without, for names that lists miss."""
    if random.random() > 0.35:
        return flags_of
    hidden = {token.text for token, label in zip(tokens, labels, strict=True) if label == "P"}
    return lambda word: flags_of(word) & ~NAME if word in hidden else flags_of(word)


def _texts(number: int) -> Iterator[tuple[str, str]]:
    lines = {language: _lines(language) for language in SHARES}
    for _ in range(number):
        language = random.choices(list(SHARES), list(SHARES.values()))[0]
        pieces = list(_mail(language, lines[language]))
        yield _written(pieces)


def _lines(language: str) -> list[str]:
    text = (SENTENCES / f"{language}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _mail(language: str, lines: list[str]) -> Iterator[Piece]:
    """One sentence, a few, or a mail with greeting and name."""
    chance = random.random()
    count = 1 if chance < 0.6 else random.randint(2, 4)
    full = chance > 0.85
    if full:
        yield from _sentence(random.choice(GREETINGS[language]), language)
        yield random.choice(("\n", "\n\n", " ")), "O"
    for index in range(count):
        if index:
            yield random.choice((" ", " ", "\n", "\n\n")), "O"
        yield from _sentence(random.choice(lines), language)
    if full:
        yield "\n" * random.randint(1, 3), "O"
        yield from _sentence(random.choice(CLOSINGS[language]), language)


def _sentence(line: str, language: str) -> Iterator[Piece]:
    while match := _CHOICE.search(line):
        line = line[: match.start()] + random.choice(match[1].split("|")) + line[match.end() :]
    line = line.replace("\\n", "\n").replace("@EMAIL", "jo@example.com")
    line = line.replace("@PHONE", "+49 30 901820").replace("@IBAN", "DE89370400440532013000")
    return fill(re.split(r"\{(\w+)\}", line), language)


def _written(pieces: list[Piece]) -> tuple[str, str]:
    """The text, with one label for each letter; some people write all small, some all in capitals."""
    text = "".join(piece for piece, _ in pieces)
    marks = "".join(label * len(piece) for piece, label in pieces)
    chance = random.random()
    changed = text.lower() if chance < 0.08 else text.upper() if chance < 0.1 else text
    return (changed if len(changed) == len(text) else text), marks


def _public(path: Path) -> Iterator[tuple[str, str]]:
    for row in json.loads(path.read_text(encoding="utf-8")):
        if not in_part(row, "training"):
            continue
        text = row["full_text"]
        marks = ["O"] * len(text)
        for span in row["spans"]:
            label = _LABELS.get(span["entity_type"])
            if label:
                for place in range(span["start_position"], span["end_position"]):
                    marks[place] = label
        yield text, "".join(marks)


if __name__ == "__main__":
    main()
