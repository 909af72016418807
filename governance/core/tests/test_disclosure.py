"""The customer sees the line, with the right name, in every part of the mail; hidden ones do not count."""

from __future__ import annotations

import pytest

from governance.core.clauses import DEFAULT_DISCLOSURE, SUPPORTED_LANGUAGES, Basis
from governance.core.disclosure import add_to, disclosure, first_contact_notice, language_for, present_in
from governance.core.starter import STARTERS

LINE = disclosure("Marta Ruiz", "en")
TEXT = "Dear Jo,\n\nyour parcel left today.\n\nMarta"
HTML = "<html><body><p>Dear Jo,</p><p>your parcel left today.</p></body></html>"


def test_the_promised_words() -> None:
    assert LINE.text == "Written with AI assistance, checked and sent by Marta Ruiz."
    assert LINE.html == '<p lang="en">Written with AI assistance, checked and sent by Marta Ruiz.</p>'


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
@pytest.mark.parametrize("wordings", [None, *(one.clauses.disclosure for one in STARTERS.values())])
def test_what_is_added_is_found_in_every_language(language: str, wordings: dict[str, str] | None) -> None:
    line = disclosure("Zoë O'Neil & Söhne <Chef>", language, wordings)
    text, html = add_to(TEXT, HTML, line)
    assert present_in(text, html, line)
    assert "<Chef>" not in html
    assert html.endswith("</body></html>")
    assert not present_in(TEXT, html, line)
    assert not present_in(text, HTML, line)


def test_a_mail_of_text_alone_needs_it_in_the_text_alone() -> None:
    text, html = add_to(TEXT, "", LINE)
    assert html == ""
    assert present_in(text, "", LINE)
    assert not present_in("", "", LINE)
    assert not present_in("   \n", " ", LINE)
    assert present_in("", add_to("", HTML, LINE)[1], LINE)


def test_the_name_is_the_one_of_the_sender() -> None:
    text, html = add_to(TEXT, HTML, LINE)
    for other in ("Marta", "Marta Ruiz Gil", "Tom"):
        assert not present_in(text, html, disclosure(other, "en"))
    assert not present_in(text, html, disclosure("Marta Ruiz", "de"))


@pytest.mark.parametrize("name", ["", "  ", "\n\t", "\u200b"])
def test_nobody_cannot_answer_for_it(name: str) -> None:
    with pytest.raises(ValueError, match="name of the person"):
        disclosure(name, "en")


def test_a_name_cannot_add_lines_or_places() -> None:
    line = disclosure("Marta\r\nBcc: x@example.org {name} {0}", "en")
    assert "\n" not in line.text
    assert line.text.endswith("Marta Bcc: x@example.org {name} {0}.")
    assert len(disclosure("x" * 500, "en").text) < 200


def test_the_wording_is_the_one_of_the_rules() -> None:
    assert disclosure("Ann", "de", {"de": "KI half; {name} prüfte."}).text == "KI half; Ann prüfte."


def test_html_without_an_end_gets_its_line_too() -> None:
    assert add_to("Hi", "<p>Hi</p>", LINE)[1] == f"<p>Hi</p>{LINE.html}"


def test_an_empty_wording_falls_back_to_ours() -> None:
    assert disclosure("Ann", "fr", {"fr": ""}).text == DEFAULT_DISCLOSURE["fr"].replace("{name}", "Ann")


@pytest.mark.parametrize(
    ("asked", "used"),
    [("de-AT", "de"), ("FR", "fr"), ("es_MX", "es"), ("en", "en"), ("pl", "en"), (None, "en"), ("", "en")],
)
def test_the_customers_language_or_english(asked: str | None, used: str) -> None:
    assert language_for(asked) == used


@pytest.mark.parametrize(
    "text",
    [
        f"{LINE.text}",
        f"Hello\n\n{LINE.text}\n",
        "Hello\n\nWritten with AI assistance,\nchecked and sent by\n Marta Ruiz.\n",
        f"Hello\r\n\r\n  {LINE.text}  \r\n\r\n> an old mail\r\n",
    ],
)
def test_wrapping_and_spaces_do_not_hide_it(text: str) -> None:
    assert present_in(text, "", LINE)


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        f"> {LINE.text}",
        f"  > {LINE.text}",
        f">> {LINE.text}",
        f"It is not true that this was {LINE.text}",
        f"{LINE.text} Just joking.",
        LINE.text.rstrip("."),
        LINE.text.replace("AI", "A1"),
        "Written with AI assistance,\nand much more,\nchecked and sent by Marta Ruiz.",
    ],
)
def test_quoted_or_twisted_text_does_not_count(text: str) -> None:
    assert not present_in(text, "", LINE)


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Hi</p>{LINE.html}",
        f"<div><p>Hi</p><div>{LINE.text}</div></div>",
        "<p>Written with <b>AI</b> assistance, checked\n and sent by&nbsp;Marta Ruiz.</p>",
        f"Hi<br>{LINE.text}<br>Bye",
        f'<p style="font-size:10px;width:100%;opacity:0.8">{LINE.text}</p>',
        f'<blockquote>old</blockquote><p style="color:#555">{LINE.text}</p>',
        f"<img src=x><p>{LINE.text}<p>More",
        f"<img hidden><p>{LINE.text}</p>",
        f"<p>Hi</p>{LINE.text}<p>Bye</p>",
        f"</div></b>{LINE.html}",
    ],
)
def test_visible_html_counts(html: str) -> None:
    assert present_in("", html, LINE)


@pytest.mark.parametrize(
    "html",
    [
        f"<!-- {LINE.text} -->",
        f"<!-- {LINE.html} --><p>Hi</p>",
        f"<blockquote>{LINE.html}</blockquote>",
        f'<div class="x gmail_quote">{LINE.html}</div>',
        f"<div hidden>{LINE.html}</div>",
        f'<div style="display: none">{LINE.html}</div>',
        f'<p style="color:red; VISIBILITY : hidden">{LINE.text}</p>',
        f'<span style="font-size:0">{LINE.html}</span>',
        f'<span style="font-size:0px;color:red">{LINE.html}</span>',
        f'<div style="max-height:0;overflow:hidden">{LINE.html}</div>',
        f'<p style="opacity:0.0">{LINE.text}</p>',
        f"<template>{LINE.html}</template>",
        f"<head><title>{LINE.text}</title></head>",
        f"<style>{LINE.text}</style>",
        f'<img alt="{LINE.text}">',
        f'<p title="{LINE.text}">Hi</p>',
        f"<p>Not {LINE.text}</p>",
        f"<p><i>Not</i> {LINE.text}</p>",
        f"<p>{LINE.text} <i>Or not.</i></p>",
        f"<blockquote><p>{LINE.text}",
    ],
)
def test_hidden_quoted_or_twisted_html_does_not_count(html: str) -> None:
    assert not present_in("", f"<p>Hi</p>{html}", LINE)


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_the_first_mail_tells_or_asks(language: str) -> None:
    tells, asks = (
        first_contact_notice(language, basis) for basis in (Basis.LEGITIMATE_INTEREST, Basis.ASK_FIRST)
    )
    assert "?" not in tells
    assert "?" in asks
    assert any(word in tells and word in asks for word in ("AI", "KI", "IA"))
