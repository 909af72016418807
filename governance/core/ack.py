"""The first mail that a customer gets: who gets one, and what it says in four languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

from governance.core.clauses import Basis
from governance.core.disclosure import first_contact_notice, language_for
from governance.core.expect import Expectation, sentences

if TYPE_CHECKING:
    from governance.core.clauses import Clauses

ONCE_IN = timedelta(days=1)
HOURS_A_DAY = 24


class AckReason(StrEnum):
    """Why a mail goes out or not; for the record, not for screens."""

    SEND = "send"
    SWITCHED_OFF = "switched_off"
    NOT_A_PERSON = "not_a_person"
    NOT_WANTED = "not_wanted"
    NOT_FIRST = "not_first"
    RECENT = "recent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What intake knows of the message. ``last_acknowledged_at``: for this address, whatever the inbox."""

    first_of_ticket: bool
    auto_submitted: bool = False
    from_list: bool = False
    bounce: bool = False
    spam_or_quarantined: bool = False
    from_own_address: bool = False
    last_acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AckLinks:
    """Links that work without sign-in. ``agree`` is used only where the policy asks first."""

    without_ai: str
    privacy: str
    agree: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    subject: str
    text: str
    html: str


def ack_reason(incoming: Incoming, *, enabled: bool, now: datetime) -> AckReason:
    """SEND, or why not: machines, lists and bounces never get one, an address at most one a day."""
    if not enabled:
        return AckReason.SWITCHED_OFF
    if incoming.auto_submitted or incoming.from_list or incoming.bounce or incoming.from_own_address:
        return AckReason.NOT_A_PERSON
    if incoming.spam_or_quarantined:
        return AckReason.NOT_WANTED
    if not incoming.first_of_ticket:
        return AckReason.NOT_FIRST
    last = incoming.last_acknowledged_at
    if last is not None and now - last < ONCE_IN:
        return AckReason.RECENT  # also when the clock went back: silence loops less than mail
    return AckReason.SEND


def acknowledgement(
    *,
    organization: str,
    number: int,
    language: str | None,
    links: AckLinks,
    clauses: Clauses | None,
    without_ai: bool = False,
    expected: Expectation | None = None,
) -> Acknowledgement:
    """The mail. ``clauses`` None: no policy in force, so there is no AI to tell about.

    ``expected``: what the shop's clock says; without it, the rules' own promise stands.
    ``without_ai``: this customer already asked to be answered without AI; the mail says that this stands.
    """
    words = _WORDS[language_for(language)]
    hours = clauses.response_hours if clauses else HOURS_A_DAY
    parts: list[tuple[str, str]] = [
        (words["arrived"].format(organization=organization, number=number), ""),
        *_about_time(language, _expect(words, hours), expected),
        *_about_ai(language, words, links, clauses, without_ai=without_ai),
        (words["privacy"], links.privacy),
        (words["reply"], ""),
    ]
    subject = words["subject"].format(organization=organization, number=number)
    text = "\n\n".join(f"{said}\n{link}" if link else said for said, link in parts) + "\n"
    html = "\n".join(_paragraph(said, link) for said, link in parts)
    key = language_for(language)
    return Acknowledgement(" ".join(subject.split()), text, f'<div lang="{key}">\n{html}\n</div>')


def first_contact(
    *, language: str | None, links: AckLinks, clauses: Clauses, without_ai: bool = False
) -> tuple[str, str]:
    """What a first mail that a person wrote says below itself, text and HTML: about AI, and how data is handled.

    For customers whom no acknowledgement reached, because we wrote first.
    """
    words = _WORDS[language_for(language)]
    about = _about_ai(language, words, links, clauses, without_ai=without_ai)
    parts = [*about, (words["privacy"], links.privacy)]
    text = "\n".join(f"{said}\n{link}" if link else said for said, link in parts)
    html = "".join(_paragraph(said, link) for said, link in parts)
    return text, f'<div lang="{language_for(language)}">{html}</div>'


def _about_time(language: str | None, promise: str, expected: Expectation | None) -> list[tuple[str, str]]:
    return [(one, "") for one in sentences(expected, language, promise)] if expected else [(promise, "")]


def _about_ai(
    language: str | None, words: dict[str, str], links: AckLinks, clauses: Clauses | None, *, without_ai: bool
) -> list[tuple[str, str]]:
    if clauses is None:
        return []
    if without_ai:
        return [(words["noted"], "")]
    notice = (first_contact_notice(language, clauses.basis), "")
    refuse = (words["without_ai"], links.without_ai)
    if clauses.basis is Basis.ASK_FIRST:
        return [notice, (words["agree"], links.agree), refuse]
    return [notice, refuse]


def _expect(words: dict[str, str], hours: int) -> str:
    days, rest = divmod(hours, HOURS_A_DAY)
    if rest or not days:
        return words["hour"] if hours == 1 else words["hours"].format(count=hours)
    return words["day"] if days == 1 else words["days"].format(count=days)


def _paragraph(said: str, link: str) -> str:
    if not link:
        return f"<p>{escape(said)}</p>"
    return f'<p><a href="{escape(link)}">{escape(said.rstrip(":"))}</a></p>'


_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "subject": "We have your message (number {number})",
        "arrived": "Thank you. Your message to {organization} arrived and has the number {number}.",
        "hour": "You can expect an answer within one hour.",
        "hours": "You can expect an answer within {count} hours.",
        "day": "You can expect an answer within one day.",
        "days": "You can expect an answer within {count} days.",
        "agree": "Yes, AI may help:",
        "without_ai": "Answer me without AI:",
        "noted": "You asked to be answered without AI. That stands.",
        "privacy": "How we handle your data:",
        "reply": "To add something, just reply to this mail.",
    },
    "de": {
        "subject": "Ihre Nachricht ist angekommen (Nummer {number})",
        "arrived": "Danke. Ihre Nachricht an {organization} ist angekommen und hat die Nummer {number}.",
        "hour": "Sie erhalten innerhalb einer Stunde eine Antwort.",
        "hours": "Sie erhalten innerhalb von {count} Stunden eine Antwort.",
        "day": "Sie erhalten innerhalb eines Tages eine Antwort.",
        "days": "Sie erhalten innerhalb von {count} Tagen eine Antwort.",
        "agree": "Ja, eine KI darf helfen:",
        "without_ai": "Antworten Sie mir ohne KI:",
        "noted": "Sie möchten Antworten ohne KI. Dabei bleibt es.",
        "privacy": "Wie wir mit Ihren Daten umgehen:",
        "reply": "Wenn Sie etwas ergänzen möchten, antworten Sie einfach auf diese Mail.",
    },
    "fr": {
        "subject": "Nous avons reçu votre message (numéro {number})",
        "arrived": "Merci. Votre message à {organization} est arrivé et porte le numéro {number}.",
        "hour": "Vous recevrez une réponse dans l'heure.",
        "hours": "Vous recevrez une réponse dans les {count} heures.",
        "day": "Vous recevrez une réponse sous un jour.",
        "days": "Vous recevrez une réponse sous {count} jours.",
        "agree": "Oui, une IA peut aider :",
        "without_ai": "Répondez-moi sans IA :",
        "noted": "Vous avez demandé des réponses sans IA. Nous nous y tenons.",
        "privacy": "Comment nous traitons vos données :",
        "reply": "Pour ajouter quelque chose, répondez simplement à ce message.",
    },
    "es": {
        "subject": "Hemos recibido su mensaje (número {number})",
        "arrived": "Gracias. Su mensaje a {organization} ha llegado y tiene el número {number}.",
        "hour": "Recibirá una respuesta en una hora como máximo.",
        "hours": "Recibirá una respuesta en {count} horas como máximo.",
        "day": "Recibirá una respuesta en un día como máximo.",
        "days": "Recibirá una respuesta en {count} días como máximo.",
        "agree": "Sí, una IA puede ayudar:",
        "without_ai": "Respóndame sin IA:",
        "noted": "Usted pidió respuestas sin IA. Así seguirá siendo.",
        "privacy": "Cómo tratamos sus datos:",
        "reply": "Para añadir algo, responda simplemente a este correo.",
    },
}
