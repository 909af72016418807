"""Greetings, thanks and closings of the built-in service, in the customers' languages and the policy's tones.

Each is shorter than eight words, so that a person who writes the same by hand is not taken for the AI.
"""

from __future__ import annotations

from typing import NamedTuple

from aiassist.core.drafts import Tone


class Phrases(NamedTuple):
    """The frame of a draft in one language. Only `greeting` has a place for the name."""

    greeting: str
    greeting_brief: str
    thanks: str
    offer: str
    sign_off: str
    sign_off_warm: str


LANGUAGES = {
    "en": Phrases(
        "Hello{name},",
        "Hello{name},",
        "Thank you for your message.",
        "If anything is still open, just reply.",
        "Kind regards",
        "Warm regards",
    ),
    # After the comma of a German greeting the text goes on in small letters.
    "de": Phrases(
        "Guten Tag{name},",
        "Guten Tag{name}!",
        "vielen Dank für Ihre Nachricht.",
        "Bei weiteren Fragen antworten Sie einfach.",
        "Freundliche Grüße",
        "Herzliche Grüße",
    ),
    "fr": Phrases(
        "Bonjour{name},",
        "Bonjour{name},",
        "Merci pour votre message.",
        "N’hésitez pas à nous répondre.",
        "Cordialement",
        "Bien cordialement",
    ),
    "es": Phrases(
        "Hola{name}:",
        "Hola{name}:",
        "Gracias por su mensaje.",
        "Si tiene dudas, respóndanos.",
        "Un cordial saludo",
        "Un cordial saludo",
    ),
}


def phrases(language: str) -> Phrases:
    """The frame in a language, in English where there is none yet."""
    return LANGUAGES.get(language, LANGUAGES["en"])


def greeting(language: str, tone: Tone, name: str) -> str:
    """How a draft begins; without a name it greets nobody in particular."""
    frame = phrases(language)
    pattern = frame.greeting_brief if tone is Tone.BRIEF else frame.greeting
    return pattern.format(name=f" {name}" if name else "")
