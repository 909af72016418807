"""Write the list of words with what is known of each: `python -m aiassist.training.words`."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

import faker.providers.address
import faker.providers.person

from aiassist.core import lexicon
from aiassist.core.people import fold

#: How many of a language's most used words count as its everyday words. Everyday English has two levels.
ENGLISH = (4_000, 30_000)
OTHERS = {"de": 40_000, "fr": 25_000, "es": 25_000, "it": 12_000, "nl": 12_000, "pt": 10_000}
#: Surnames of the census are sorted by how many people have them.
FREQUENT_SURNAMES = 12_000
STREETS = (
    "street st road rd avenue ave av lane ln drive dr court ct place pl square sq boulevard blvd way terrace crescent close"
    " row alley parkway highway hwy route circle grove hill gardens mews quay walk plaza broadway suite apt apartment unit"
    " flat floor box po building block corner strasse str gasse weg allee platz ring ufer damm chaussee steig stiege rue"
    " chemin impasse quai allee cours passage place boulevard calle avda avenida plaza paseo camino carretera via viale"
    " corso piazza vicolo straat laan plein kade weg gracht dreef steenweg ulica ul ulice nam namesti utca ut ter tere"
    " gata gatan vej vejen gade vagen vag gate veien rua travessa largo praca estrada katu tie polku cesta trg prospekt"
    " rd apo fpo psc"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def main() -> None:
    """Gather, write, say how many."""
    flags: dict[str, int] = defaultdict(int)
    for flag, found in _gather():
        for word in found:
            for part in _WORD.findall(word):
                flags[part.lower()] |= flag
                flags[fold(part).lower()] |= flag
    _write(flags)
    print(f"{len(flags)} words, {lexicon.PATH.stat().st_size} bytes")


def _gather() -> Iterator[tuple[int, Iterable[str]]]:
    yield lexicon.FIRST, names_of_faker("first")
    yield lexicon.LAST, names_of_faker("last")
    yield lexicon.FIRST, [*census("dist.female.first"), *census("dist.male.first")]
    surnames = census("dist.all.last")
    yield lexicon.LAST, surnames[:FREQUENT_SURNAMES]
    yield lexicon.RARE_LAST, surnames[FREQUENT_SURNAMES:]
    yield lexicon.PLACE, places_of_faker()
    yield lexicon.STREET, STREETS.split()
    english = used_words("en")
    yield lexicon.EVERYDAY, english[: ENGLISH[0]]
    yield lexicon.KNOWN, english[ENGLISH[0] : ENGLISH[1]]
    for language, number in OTHERS.items():
        yield lexicon.FOREIGN, used_words(language)[:number]


def _lists(provider: object, wanted: str) -> Iterator[str]:
    for name in dir(provider):
        value = getattr(provider, name)
        if wanted in name and "name" in name and isinstance(value, (dict, list, tuple)):
            yield from (one for one in value if isinstance(one, str))


def names_of_faker(wanted: str) -> list[str]:
    """All first names or surnames of all locales."""
    package = faker.providers.person
    return [
        name
        for module in iter_modules(package.__path__)
        for name in _lists(import_module(f"{package.__name__}.{module.name}").Provider, wanted)
    ]


def places_of_faker() -> list[str]:
    """Cities and countries of all locales; words of more than one part count by the part."""
    package = faker.providers.address
    found: list[str] = []
    for module in iter_modules(package.__path__):
        provider = import_module(f"{package.__name__}.{module.name}").Provider
        for name in ("cities", "city_names", "countries", "states", "real_city_names", "provinces"):
            found += [one for one in getattr(provider, name, ()) if isinstance(one, str)]
    return found


def census(name: str) -> list[str]:
    """The names of one list of the census, most frequent first."""
    folder = _folder("names")
    return [line.split()[0].capitalize() for line in (folder / name).read_text().splitlines()]


def used_words(language: str) -> list[str]:
    """The words of a language, most used first."""
    path = _folder("spellchecker") / "resources" / f"{language}.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        counts: dict[str, int] = json.load(file)
    return sorted(counts, key=lambda word: (-counts[word], word))


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit("pip install -r aiassist/training/requirements.txt")
    return Path(spec.origin).parent


def _write(flags: dict[str, int]) -> None:
    by_flag: dict[int, list[str]] = defaultdict(list)
    for word, flag in flags.items():
        if len(word) > 1:
            by_flag[flag].append(word)
    text = "".join(f"{flag} {' '.join(sorted(words))}\n" for flag, words in sorted(by_flag.items()))
    # No name and no time in the head: the same words give the same file.
    lexicon.PATH.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
