"""Old mail below an answer can be folded away, an answer never."""

from __future__ import annotations

import re
import time

import pytest

from tickets.mail import fold, html, parse
from tickets.mail.tests.data import mail_files
from tickets.mail.tests.test_html import ATTACKS, assert_harmless


def split(markup: str) -> tuple[str, str]:
    return fold.split_reply_html(html.clean(markup).html)


def words(markup: str) -> list[str]:
    return re.findall(r"\w+", html.to_text(markup))


def balanced(markup: str) -> bool:
    return html.clean(markup).html.count("<") == markup.count("<")


def test_public_html_replies_fold_right() -> None:
    for file in mail_files("replies", "html_replies/*.html"):
        new, old = split(file.read_text(errors="replace"))
        assert words(new) == ["Hi", "I", "am", "fine", "Thanks", "Alex"], file.name
        assert {"Sasha", "Conversation"} & set(words(old)), file.name
        assert balanced(new), file.name
        assert balanced(old), file.name


def test_no_public_mail_loses_words() -> None:
    for corpus in ("mime", "replies"):
        for file in mail_files(corpus):
            markup = html.clean(parse.parse(file.read_bytes()).html or "").html
            new, old = fold.split_reply_html(markup)
            assert words(new) + words(old) == words(markup), file.name
            assert_harmless(new)
            assert_harmless(old)


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote>old</blockquote><p>answer below</p>",
        "<p>hi</p><blockquote>question</blockquote><p>answer</p><blockquote>another</blockquote><p>answer</p>",
        "<p>no quote: nothing</p>",
        "<p>See</p><p>------- Forwarded message -------<br>From: a@b.c<br>Subject: x<br>To: c</p><p>bill</p>",
        "",
    ],
)
def test_answers_are_never_folded(markup: str) -> None:
    cleaned = html.clean(markup).html
    new, old = fold.split_reply_html(cleaned)
    assert "answer" not in old
    assert (new, old) == (cleaned, "")


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_halves_are_as_harmless_as_the_whole(attack: str) -> None:
    for part in split(
        f"<div><p>new</p>{attack}<div class=gmail_quote>On 1.1.2024 a@b.example wrote:<blockquote>old{attack}"
    ):
        assert_harmless(part)


def test_hostile_html_costs_seconds_at_most() -> None:
    started = time.process_time()
    split("<p>a: b</p>" * 19_000 + "<blockquote>old</blockquote>")
    split("new" + "<br>" * 19_000 + "<blockquote>old</blockquote>")
    split("<div>" * 9000 + "a:" + "<blockquote>old</blockquote>")
    assert time.process_time() - started < 6
