"""The language of sentences, subject lines, and texts that do not tell."""

from __future__ import annotations

import csv

import pytest

from aiassist.core.language import LANGUAGES, detect, detect_with_confidence
from aiassist.core.tests.data import shared_data

SENTENCES = {
    "en": [
        "Where is my order?",
        "The dress does not fit me",
        "Can I change my flight?",
        "Refund for order 4711",
    ],
    "de": [
        "Wo ist meine Bestellung?",
        "Bestellung 4711 defekt",
        "Rechnung fehlt",
        "Das Kleid passt mir nicht",
    ],
    "fr": ["Où est ma commande ?", "Ma robe est trop petite", "Bonjour, je voudrais annuler", "colis abîmé"],
    "es": ["¿Dónde está mi pedido?", "El vestido no me queda bien", "Quiero cancelar mi vuelo"],
    "it": ["Dov'è il mio pacco?", "Vorrei restituire il vestito", "Quanto costa la spedizione?"],
    "nl": ["Mijn pakket is niet aangekomen", "Waar is mijn bestelling?", "Ik wil graag retourneren"],
    "pt": ["Onde está a minha encomenda?", "Gostaria de cancelar o meu voo", "O vestido não me serve"],
}


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in SENTENCES.items() for text in texts]
)
def test_language_of_a_sentence(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", "   ", "ok", "12345", "[EMAIL_1] [PERSON_2]", "https://example.com/", "URGENT", "🙂"]
)
def test_too_little_to_tell(text: str) -> None:
    assert detect(text) == "und"


def test_confidence_is_a_share() -> None:
    language, share = detect_with_confidence("Where is my order?")
    assert language == "en"
    assert 0.9 < share <= 1
    assert set(SENTENCES) == set(LANGUAGES)


def test_public_questions_are_english() -> None:
    with (shared_data() / "intents" / "banking77_train.csv").open(encoding="utf-8") as lines:
        texts = [row["text"] for row in csv.DictReader(lines)][::5]
    found = [detect(text) for text in texts]
    assert found.count("en") / len(found) >= 0.97
    assert sum(one not in {"en", "und"} for one in found) / len(found) <= 0.01
