"""Texts of made-up customers and agents: few words that everybody uses, many that few do, some planted to be found."""

from __future__ import annotations

import random

#: Words planted for the search rows, by how many messages have them.
COMMON = "order"  # about every second message
PERCENT = "warehouse"  # one in a hundred
PERMILLE = "chandelier"  # one in a thousand
RARE = "kalimbatrix"  # in five tickets, old and new
ABSENT = "zzyzxquell"


def _split(text: str) -> list[str]:
    return text.split()


_FREQUENT = _split("""
the a to of and in is it you that was for on are with as at be this have from or had by not but what all
were we when your can said there use an each which she do how their if will up other about out many then
them these so some her would make like him into time has look two more write go see number no way could
people my than first water been call who its now find long down day did get come made may part parcel
delivery refund return jacket size colour flight booking seat luggage invoice payment card address account
password receipt shop voucher discount exchange damaged missing late tracking courier customs warranty
repair button zip fabric wash shrink stain sleeve collar email phone reply answer question problem please
thanks sorry help wait week month yesterday tomorrow monday friday summer winter present wedding birthday
london berlin paris madrid
""")
_STARTS = _split("""
b br c ch cl d dr f fl g gl gr h j k kr l m n p pl pr r s sc sh sl sp st t th tr v w z
""")
_VOWELS = _split("""
a ai au e ea ei i ia o oa oi ou u
""")
_ENDS = _split("""
b ck d ft g l ld ll lm m mb n nd ng nt p r rd rk rm rn s sk st t th x
""")


def vocabulary(chance: random.Random, size: int = 40_000) -> list[str]:
    """Made-up words, each of two or three syllables."""
    words: set[str] = set()
    while len(words) < size:
        syllables = chance.choice((2, 2, 3))
        words.add(
            "".join(chance.choice(_STARTS) + chance.choice(_VOWELS) for _ in range(syllables))
            + chance.choice(_ENDS)
        )
    return sorted(words)


class Writer:
    """Writes messages quickly: whole sentences are made beforehand, their order is not."""

    def __init__(self, chance: random.Random, sentences: int = 40_000) -> None:
        self._chance = chance
        words = vocabulary(chance)
        weights = [1 / (rank + 20) for rank in range(len(words))]
        seldom = chance.choices(words, weights, k=sentences * 3)
        often = chance.choices(_FREQUENT, k=sentences * 9)
        self._sentences = [
            self._sentence(often[row * 9 : row * 9 + 9], seldom[row * 3 : row * 3 + 3])
            for row in range(sentences)
        ]
        self._words = words

    def _sentence(self, often: list[str], seldom: list[str]) -> str:
        words = often[: self._chance.randint(4, 9)] + seldom[: self._chance.randint(1, 3)]
        self._chance.shuffle(words)
        return " ".join(words).capitalize() + self._chance.choice("...?!")

    def subject(self) -> str:
        """A few words."""
        text = self._chance.choice(self._sentences)
        return text[:60].rstrip(".?! ")

    def text(self, extra: str = "") -> str:
        """Two to six sentences, with words to be found by, and `extra` at the end."""
        chance = self._chance
        draw = chance.random()
        parts = chance.sample(self._sentences, 2 + int(draw * 5))
        if draw < 0.5:
            parts[0] += f" My {COMMON} is {chance.randint(100000, 999999)}."
        if chance.random() < 0.01:
            parts[-1] += f" It was in the {PERCENT}."
        if chance.random() < 0.001:
            parts[-1] += f" It is about a {PERMILLE}."
        if extra:
            parts.append(extra)
        half = len(parts) // 2
        return " ".join(parts[:half]) + "\n\n" + " ".join(parts[half:])

    def name(self) -> str:
        """A person's name."""
        return f"{self._chance.choice(self._words).title()} {self._chance.choice(self._words).title()}"
