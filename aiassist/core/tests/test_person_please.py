"""A wish for a person, in six languages, and what only looks like one: people, prices, negations, things of the past."""

from __future__ import annotations

import pytest

from aiassist.core.sensitive import topics

WISHES = [
    "I want to speak with a human",
    "please let a human answer",
    "can a human reply please",
    "I'd rather talk to a person",
    "Stop the bot answers",
    "Could someone real answer me?",
    "no more automated replies please",
    "Is anyone there? I want a real person",
    "No AI please",
    "human please",
    "Agent please",
    "Please connect me to an agent",
    "Bitte ein Mensch",
    "Ich will keinen Bot",
    "Ich möchte von einem Menschen eine Antwort",
    "Kann mir bitte ein echter Mensch antworten?",
    "Menschliche Antwort bitte",
    "Bitte ohne KI antworten",
    "Mit einem Mitarbeiter sprechen",
    "Einen Menschen bitte",
    "keine KI-Antworten",
    "Ich möchte keine automatischen Antworten",
    "Je veux parler à un humain",
    "Un humain, svp",
    "Je souhaite une réponse d'une personne",
    "Pas d'IA s'il vous plaît",
    "sans intelligence artificielle",
    "Une vraie personne svp",
    "Je ne veux pas de robot",
    "un conseiller s'il vous plaît",
    "Quiero hablar con una persona",
    "Quiero una persona real",
    "No quiero un robot",
    "Que me responda una persona",
    "sin inteligencia artificial",
    "Una persona por favor",
    "Nada de robots",
    "Quiero hablar con un agente",
    "Vorrei parlare con una persona",
    "Voglio parlare con un operatore",
    "Niente bot",
    "senza intelligenza artificiale",
    "Una persona vera per favore",
    "Non voglio un robot",
    "Vorrei una risposta da una persona",
    "Ik wil een mens spreken",
    "Graag een echt persoon",
    "Geen AI alstublieft",
    "Ik wil geen robot",
    "Kan een medewerker mij antwoorden?",
    "zonder kunstmatige intelligentie",
    "Een mens graag",
    "Ik wil met iemand praten",
]
NO_WISHES = [
    "Can I collect it in person please?",
    "In person, please",
    "I will come in person",
    "This is a personal matter, please keep it private",
    "Do I need a person to sign please?",
    "It was no bother",
    "I do not need to speak to a person",
    "I don't want a human, the bot is fine",
    "No need for a human agent",
    "You don't have to put me through to a person",
    "The person at the shop was kind",
    "One ticket for a person, please tell me the price",
    "I spoke to someone yesterday",
    "I already spoke to a person",
    "Is there no machine wash?",
    "Do you sell no AI camera?",
    "Vielen Dank an den Mitarbeiter",
    "Persönlich bitte übergeben",
    "Ich brauche keinen Menschen, der Bot reicht",
    "Ich habe gestern mit einem Mitarbeiter gesprochen",
    "Ein Mensch hat angerufen",
    "ohne Maschine waschen",
    "Für eine Person bitte",
    "Pour une personne, s'il vous plaît dites-moi le prix",
    "Je n'ai pas besoin de parler à une personne",
    "J'ai parlé à quelqu'un hier",
    "remise en main propre à la personne",
    "en personne s'il vous plaît",
    "En persona por favor",
    "No necesito hablar con una persona",
    "Hablé con una persona ayer",
    "Una entrada para una persona, por favor",
    "di persona per favore",
    "Non ho bisogno di parlare con una persona",
    "Ho parlato con un operatore ieri",
    "Persoonlijk afgeven graag",
    "Ik hoef geen mens te spreken",
    "Ik heb met een medewerker gesproken",
    "Voor een persoon graag",
    "I personally would like the blue one please",
    "does it come with no bot?",
    "A table for one person, please",
    "A ticket for a person please",
]


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_for_a_person_is_understood(text: str) -> None:
    assert "person_please" in topics(text)
    assert "person_please" in topics(f"Where is my order?\n\n{text}\n\nBest regards")


@pytest.mark.parametrize("text", NO_WISHES)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert "person_please" not in topics(text)


@pytest.mark.parametrize("text", WISHES)
def test_quoted_it_is_somebody_elses(text: str) -> None:
    assert "person_please" not in topics(f"> {text}\nThank you")


def test_a_wish_beside_a_refusal_of_ai_counts() -> None:
    assert "person_please" in topics("I don't want AI, a person please")
    assert "person_please" in topics("Ich brauche keinen Bot, einen Menschen bitte")
