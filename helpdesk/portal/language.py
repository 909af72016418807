"""Which language a customer's page or mail is in: chosen in the browser, else the customer's, else the browser's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from helpdesk.people.models import Customer

SUPPORTED = {code for code, _name in settings.LANGUAGES}


def supported(language: str) -> str:
    """`de-AT` -> `de`; empty where there are no texts in the language."""
    short = language.replace("_", "-").partition("-")[0].lower()
    return short if short in SUPPORTED else ""


def activate_for(request: HttpRequest, customer: Customer | None) -> None:
    """Speak the customer's language, unless this browser chose one."""
    if customer is None or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return
    language = supported(customer.language)
    if language:
        translation.activate(language)
        request.LANGUAGE_CODE = language
