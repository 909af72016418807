"""When a customer can expect an answer, in four languages: the promise, until when it is closed, why it is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.core.disclosure import language_for

HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the shop's clock says as the message came. Moments are in the shop's own time.

    ``minutes``: the promised answer, in opening time unless ``always_open``; None where nothing is promised.
    ``opens_at``: None while open. ``away``: what the shop tells whoever writes today, in the customer's language.
    """

    now: datetime
    minutes: int | None = None
    always_open: bool = True
    opens_at: datetime | None = None
    away: str = ""


def sentences(expected: Expectation, language: str | None, otherwise: str) -> list[str]:
    """What the acknowledgement says about time; ``otherwise`` is what the rules promise where the shop says nothing."""
    words = _WORDS[language_for(language)]
    said = [expected.away] if expected.away else []
    said.append(_promise(expected, words) if expected.minutes else otherwise)
    if expected.opens_at is not None:
        said.append(words["closed"].format(when=_when(expected.opens_at, expected.now, words)))
    return said


def _promise(expected: Expectation, words: dict[str, str]) -> str:
    minutes = expected.minutes or 0
    unit, count = ("minute", minutes) if minutes < HOUR else ("hour", -(-minutes // HOUR))
    kind = "" if expected.always_open else "open_"
    return words[f"{kind}{unit}" + ("" if count == 1 else "s")].format(count=count)


def _when(moment: datetime, now: datetime, words: dict[str, str]) -> str:
    clock = f"{moment.hour}:{moment.minute:02}"
    if moment.date() - now.date() < timedelta(days=7):
        return words["weekday"].format(day=words["days"].split()[moment.weekday()], clock=clock)
    month = words["months"].split()[moment.month - 1]
    return words["date"].format(day=moment.day, month=month, clock=clock)


_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "minute": "We usually answer within one minute.",
        "minutes": "We usually answer within {count} minutes.",
        "hour": "We usually answer within one hour.",
        "hours": "We usually answer within {count} hours.",
        "open_minute": "We usually answer within one minute while we are open.",
        "open_minutes": "We usually answer within {count} minutes while we are open.",
        "open_hour": "We usually answer within one opening hour.",
        "open_hours": "We usually answer within {count} opening hours.",
        "closed": "We are closed until {when}.",
        "weekday": "{day} {clock}",
        "date": "{day} {month}, {clock}",
        "days": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "months": "January February March April May June July August September October November December",
    },
    "de": {
        "minute": "Wir antworten meist innerhalb einer Minute.",
        "minutes": "Wir antworten meist innerhalb von {count} Minuten.",
        "hour": "Wir antworten meist innerhalb einer Stunde.",
        "hours": "Wir antworten meist innerhalb von {count} Stunden.",
        "open_minute": "Während unserer Öffnungszeiten antworten wir meist innerhalb einer Minute.",
        "open_minutes": "Während unserer Öffnungszeiten antworten wir meist innerhalb von {count} Minuten.",
        "open_hour": "Während unserer Öffnungszeiten antworten wir meist innerhalb einer Stunde.",
        "open_hours": "Während unserer Öffnungszeiten antworten wir meist innerhalb von {count} Stunden.",
        "closed": "Wir haben bis {when} geschlossen.",
        "weekday": "{day}, {clock} Uhr,",
        "date": "{day}. {month}, {clock} Uhr,",
        "days": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "months": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    },
    "fr": {
        "minute": "Nous répondons en général en une minute.",
        "minutes": "Nous répondons en général en {count} minutes.",
        "hour": "Nous répondons en général en une heure.",
        "hours": "Nous répondons en général en {count} heures.",
        "open_minute": "Pendant nos heures d'ouverture, nous répondons en général en une minute.",
        "open_minutes": "Pendant nos heures d'ouverture, nous répondons en général en {count} minutes.",
        "open_hour": "Pendant nos heures d'ouverture, nous répondons en général en une heure.",
        "open_hours": "Pendant nos heures d'ouverture, nous répondons en général en {count} heures.",
        "closed": "Nous sommes fermés jusqu'au {when}.",
        "weekday": "{day} à {clock}",
        "date": "{day} {month} à {clock}",
        "days": "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "months": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    },
    "es": {
        "minute": "Solemos responder en un minuto.",
        "minutes": "Solemos responder en {count} minutos.",
        "hour": "Solemos responder en una hora.",
        "hours": "Solemos responder en {count} horas.",
        "open_minute": "En nuestro horario de atención solemos responder en un minuto.",
        "open_minutes": "En nuestro horario de atención solemos responder en {count} minutos.",
        "open_hour": "En nuestro horario de atención solemos responder en una hora.",
        "open_hours": "En nuestro horario de atención solemos responder en {count} horas.",
        "closed": "Estamos cerrados hasta el {when}.",
        "weekday": "{day} a las {clock}",
        "date": "{day} de {month} a las {clock}",
        "days": "lunes martes miércoles jueves viernes sábado domingo",
        "months": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    },
}
