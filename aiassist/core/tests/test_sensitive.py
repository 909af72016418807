"""Human-only topics: what must be found, and what a shop says all day and must not be."""

from __future__ import annotations

import csv

import pytest

from aiassist.core import sensitive
from aiassist.core.tests.data import shared_data

FOUND = {
    "health": [
        "I was in hospital for two weeks and could not return it",
        "Ich bin schwanger und brauche eine andere Größe",
        "I am allergic to wool",
        "I got a rash from the shirt",
        "My husband had a heart attack",
        "Je suis enceinte",
        "Estoy enferma y no puedo viajar",
        "Sono malata",
        "Ik ben ziek",
    ],
    "faith": [
        "For religious reasons I need a long sleeve",
        "I am Muslim and need this before Ramadan",
        "Aus religiösen Gründen trage ich Kopftuch",
        "Is the food on board kosher?",
        "Je suis musulmane",
    ],
    "children": [
        "My son swallowed a button",
        "Meine Tochter fliegt allein",
        "I am 14 years old and ordered without asking",
        "My two-year-old daughter cut herself on the zipper",
        "Mon fils est mineur",
        "Mi hija viaja sola",
    ],
    "bereavement": [
        "My mother passed away last week",
        "My husband died, please cancel his ticket",
        "Meine Mutter ist gestorben",
        "Wir haben einen Todesfall in der Familie",
        "Mon père est décédé",
        "I lost my wife in March",
        "We have a funeral on Monday",
    ],
    "legal_threat": [
        "You will hear from my lawyer",
        "I will sue you",
        "Ich schalte meinen Anwalt ein",
        "Ceci est une mise en demeure",
        "I will report this to Trading Standards",
        "Pondré una denuncia",
    ],
    "discrimination": [
        "Your crew treated us badly because of my skin colour",
        "That was racist",
        "Ich wurde wegen meiner Hautfarbe abgewiesen",
        "I felt discriminated against",
    ],
    "self_harm": [
        "I want to kill myself",
        "Ich will nicht mehr leben",
        "I just want to die",
        "Quiero morirme",
        "J'ai envie de mourir",
    ],
    "complaint_about_staff": [
        "Your employee was very rude to me",
        "The man in your shop shouted at me",
        "Ihr Mitarbeiter war unverschämt",
        "I want to complain about your driver",
        "Votre vendeur a été impoli",
    ],
    "data_protection": [
        "Please delete my data",
        "Bitte löschen Sie meine Daten",
        "Supprimez mes données",
        "Which data do you hold about me?",
        "Borren mis datos",
        "Verwijder mijn gegevens",
        "Cancellate i miei dati",
        "Please delete my account",
    ],
    "origin": ["As a Roma family we were followed", "Wegen meiner Herkunft", "À cause de ma couleur de peau"],
    "politics": ["I vote for the Greens", "Meine politische Meinung", "mis opiniones políticas"],
    "union": ["I am a shop steward", "Wir sind in der Gewerkschaft", "le syndicat", "el sindicato"],
    "sexuality": ["I am gay", "Wir sind ein lesbisches Paar", "je suis transgenre", "soy lesbiana"],
    "body_data": [
        "You scan my face",
        "Ihre Gesichtserkennung",
        "la reconnaissance faciale",
        "mi huella dactilar",
    ],
    "violence": ["He threatened me", "Ich wurde bedroht", "il m'a menacé", "me amenazó"],
    "accident": [
        "I slipped on the floor",
        "Ich habe mich verletzt",
        "je me suis blessé",
        "tuve un accidente",
    ],
    "money_trouble": ["I lost my job", "Ich bin arbeitslos", "je suis au chômage", "estoy en paro"],
    "person_please": [
        "A person, please",
        "a person please",
        "Ein Mensch, bitte",
        "Une personne, s’il vous plaît",
        "Una persona, por favor",
        "Una persona, per favore",
        "Een mens, alstublieft",
        "I want to talk to a real person",
        "Can I speak to someone?",
        "Ich möchte mit einem Menschen sprechen",
        "No bots",
        "Please answer without AI",
        "Keine KI bitte",
        "Een medewerker graag",
        "Sin robots por favor",
        "Ik wil met een medewerker spreken",
        "Where is my order?\n\nThanks\n\nPS: a person, please",
    ],
}
NOTHING = [
    "I am sick of waiting for my parcel",
    "Kids' shoes size 30",
    "I bought this coat for my daughter and it is too small",
    "The heart-shaped necklace",
    "Where is your Church Street branch?",
    "Do you have a shop in Hospital Street?",
    "The battery died after two days",
    "These boots are to die for",
    "Do you have court shoes in black?",
    "Please delete my order",
    "What is the price per person?",
    "I love the black dress",
    "The deadline is tomorrow",
    "I have faith in your team",
    "Kinderschuhe in Größe 30",
    "Can I pick it up in person?",
    "Is the ticket valid for one person?",
    "Cancel my booking",
    "Your staff was very friendly",
    "Ich möchte die Bestellung stornieren",
    "Please update my address",
    "Thanks for your personal service",
    "The driver left the parcel with a neighbour",
    "No, a bigger one please",
    "Mein Konto zeigt die falsche Adresse",
    "How can a person change the name on the ticket?",
    "Do I have to talk to someone to change my seat?",
    "The manual says no machine wash",
    "Je cherche une robe noire",
    "Dear Sue Miller, thank you",
    "> A person, please\nThat was quick, thank you",
]


@pytest.mark.parametrize(
    ("topic", "text"), [(topic, text) for topic, texts in FOUND.items() for text in texts]
)
def test_topic_is_found(topic: str, text: str) -> None:
    assert topic in sensitive.topics(text)
    assert topic in sensitive.topics(text.upper())
    assert topic in sensitive.topics(f"Hello,\n\norder 4711 is late. {text}\n\nBest\nJo")


@pytest.mark.parametrize("text", NOTHING)
def test_everyday_words_are_left_alone(text: str) -> None:
    assert sensitive.evidence(text) == {}


def test_every_shipped_topic_has_rules_and_examples() -> None:
    assert set(FOUND) == set(sensitive.TOPICS)


def test_evidence_names_the_words() -> None:
    assert sensitive.evidence("You will hear from my lawyer") == {"legal_threat": "my lawyer"}


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Please delete my data", True),
        ("Delete all my personal data now", True),
        ("Bitte löschen Sie meine Daten", True),
        ("Ich möchte mein Konto löschen", True),
        ("Supprimez mes données", True),
        ("Borren mis datos", True),
        ("Which data do you hold about me?", False),
        ("Was this a data breach?", False),
        ("Wie steht es bei Ihnen um den Datenschutz?", False),
        ("Please delete my order", False),
    ],
)
def test_only_a_wish_to_be_forgotten_starts_an_erasure(text: str, wish: bool) -> None:
    assert sensitive.wants_erasure(text) is wish


def test_ordinary_questions_are_rarely_touched() -> None:
    """10,003 public questions to a bank: only those about an own child or the deletion of an account may be found."""
    with (shared_data() / "intents" / "banking77_train.csv").open(encoding="utf-8") as lines:
        texts = [row["text"] for row in csv.DictReader(lines)]
    found = [topics for text in texts if (topics := sensitive.topics(text) - {"children", "data_protection"})]
    assert len(found) <= 10
