"""Which language an article is in, told by the small words that only one language has."""

from __future__ import annotations

import re

_SMALL = {
    "en": "the and of to is you your for with are this that can will have from our not we if it be by when",
    "de": "der die das und ist sie ihr ihre ihren für mit nicht wir ein eine von zu auf den dem kann können bei oder",
    "fr": "le la les et est vous votre pour avec dans des une nous pas sur que qui du au vos sont peut être",
    "es": "el la los las y es usted su para con una por que del no en se puede nuestro nuestra sus más",
    "it": "il la gli e è per con una che del non in si può nostro nostra sono di della dei suo vostro",
    "nl": "de het een en is u uw voor met niet wij van op te kan bij zijn wordt onze deze dat of",
    "pt": "o a os as e é para com uma que do da não em se pode nosso nossa seu sua são dos ao",
    "pl": "i w na z do jest nie się że dla od po lub jak można przez oraz ale może są",
}
_WORDS = {language: frozenset(text.split()) for language, text in _SMALL.items()}
LANGUAGES = tuple(_SMALL)
_LEAST = 3


def language_of(text: str, default: str) -> str:
    """The language of a text, or `default` where too few words tell."""
    words = re.findall(r"[^\W\d_]+", text[:4000].lower())
    counts = {name: sum(word in small for word in words) for name, small in _WORDS.items()}
    best = max(counts, key=lambda name: counts[name])
    second = max(count for name, count in counts.items() if name != best)
    return best if counts[best] >= _LEAST and counts[best] > second * 1.2 else default
