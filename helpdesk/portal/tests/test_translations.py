"""Whatever a customer reads exists in their language, with the same places for values, and is compiled."""

from __future__ import annotations

import ast
import re
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from governance.core.starter import starter
from governance.services.policies import adopt_starter
from helpdesk.people.tests.factories import make_customer, make_member, make_organization
from helpdesk.people.tests.support import browser_of, delivered
from helpdesk.portal.tests import catalog
from helpdesk.portal.tests.support import signed_in
from helpdesk.tenancy.scope import organization_scope

Entries = dict[str, tuple[str, list[str]]]


def _path(language: str, suffix: str) -> Path:
    return catalog.ROOT / "helpdesk" / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def _entries(language: str) -> Entries:
    """msgid -> (msgid_plural, translations) of the source catalogue."""
    found: Entries = {}
    for block in _path(language, "po").read_text().split("\n\n"):
        parts = dict(re.findall(r'^(msg\w+(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)', block, re.MULTILINE))
        plain = {
            key: "".join(ast.literal_eval(one) for one in value.split("\n") if one)
            for key, value in parts.items()
        }
        if plain.get("msgid"):
            said = [value for key, value in plain.items() if key.startswith("msgstr")]
            found[plain["msgid"]] = (plain.get("msgid_plural", ""), said)
    return found


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_every_string_a_customer_can_meet_is_translated(language: str) -> None:
    entries = _entries(language)
    missing = [text for text in catalog.messages() if not all(entries.get(text, ("", [""]))[1])]
    assert missing == []


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_translations_keep_the_places_for_values(language: str) -> None:
    wrong = [
        (text, said)
        for text, (plural, translations) in _entries(language).items()
        for said in translations
        if _places(said) != _places(text) | _places(plural)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    """No tool is needed at run time: the compiled file is in the repository and may not lag behind."""
    with _path(language, "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for text, (plural, translations) in _entries(language).items():
        if plural:
            assert [compiled.ngettext(text, plural, count) for count in (1, 2)] == translations
        else:
            assert compiled.gettext(text) == translations[0]


def test_the_search_for_strings_finds_them() -> None:
    """A search that found nothing would let everything pass."""
    found = catalog.messages()
    assert len(found) > 300
    for text in ("Why this answer?", "Your choices", "to answer you", "health", "%(count)d entry"):
        assert text in found


@pytest.mark.django_db
@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_no_english_is_left_on_the_pages(language: str) -> None:
    organization = make_organization(name="Zoé")
    with organization_scope(organization.id):
        adopt_starter(starter=starter(), member=make_member())
        customer = make_customer(language=language)
    anyone, client = browser_of(organization), signed_in(organization, customer)
    for path in (
        "/portal/sign-in/",
        "/privacy/",
        "/trust/",
        "/portal/tickets/",
        "/portal/choices/",
        "/portal/my-data/",
    ):
        reader = client if path.startswith("/portal/") and "sign-in" not in path else anyone
        page = reader.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert f'<html lang="{language}"' in page
        for text in (
            ">Your questions<",
            "How we use AI",
            "Skip to content",
            "Delete my data",
            "What for",
            "Never<",
        ):
            assert text not in page, (path, text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Ihr Anmelde-Link"), ("fr", "Votre lien"), ("es", "Su enlace"), ("en", "Your sign-in link")],
)
def test_mails_speak_the_customers_language(language: str, said: str, mailoutbox: Any) -> None:
    organization = make_organization(name="R&D <Zoé>")
    with organization_scope(organization.id):
        make_customer("ada@example.com", language=language)
    with delivered():
        browser_of(organization).post("/portal/sign-in/", {"email": "ada@example.com"})
    [message] = mailoutbox
    assert message.subject.startswith(said)
    assert "R&D <Zoé>" in message.body, "plain text is not escaped"
    assert translation.get_language() == "en", "the language of the mail does not stay behind"


def test_a_language_we_do_not_have_is_english() -> None:
    from helpdesk.portal.language import supported

    assert [supported(one) for one in ("de-AT", "pt", "", "EN_us", "xx")] == ["de", "", "", "en", ""]
