"""The new words of a reply, in the languages and clients that customers use."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tickets.mail import parse, quote
from tickets.mail.tests.data import mail_files

NEW = "Yes, that works.\n\nBest\nAna"
OLD = "> Dear Ana,\n>\n> does this work?\n>\n> Eve"
PLAIN_OLD = "Dear Ana,\n\ndoes this work?\n\nEve"

# What clients write above the quoted mail, by language; {0} stands for the rest.
WITH_MARKS = {
    "en": [
        "On Mon, Apr 2, 2012 at 6:26 PM, Eve Example <help@acme.example> wrote:",
        "On Apr 3, 2012, at 4:19 PM, Eve wrote:",
        "On 22/08/2024 19:21, Eve Example wrote:",
        "On Mon, Apr 2, 2012 at 6:26 PM, Eve Example With A Long Name\n<help@acme.example> wrote:",
        "Eve Example <help@acme.example> wrote on 2.4.2012 18:26:",
        "Quoting Eve <help@acme.example>, on 2024-01-02 she wrote:",
        "2024-03-01 10:22 GMT+01:00 Eve Example <help@acme.example>:",
    ],
    "de": [
        "Am Mo., 2. Apr. 2012 um 18:26 Uhr schrieb Eve Example <help@acme.example>:",
        "Am 02.04.2012 um 18:26 schrieb Eve Example:",
        "Am 02.04.12 um 18:26 schrieb Eve Example <help@acme.example>:",
        "Am Montag, dem 2. April 2012 schrieb Eve Example\n<help@acme.example>:",
        "Eve Example <help@acme.example> schrieb am Mo., 2. Apr. 2012, 18:26:",
        "Am Montag, 2. April 2012, 18:26:00 MESZ hat Eve Example <help@acme.example> Folgendes geschrieben:",
    ],
    "fr": [
        "Le lun. 2 avr. 2012 à 18:26, Eve Example <help@acme.example> a écrit :",
        "Le 2 avr. 2012 à 18:26, Eve Example <help@acme.example> a écrit :",
        "Le 02/04/2012 à 18:26, Eve Example a écrit :",
        "Le lundi 2 avril 2012 à 18:26:00 UTC+2, Eve Example\n<help@acme.example> a écrit :",
        "Eve Example <help@acme.example> a écrit le 2 avril 2012 :",
    ],
    "es": [
        "El lun, 2 abr 2012 a las 18:26, Eve Example (<help@acme.example>) escribió:",
        "El 2 abr 2012, a las 18:26, Eve Example <help@acme.example> escribió:",
        "El 2/4/12 a las 18:26, Eve Example escribió:",
        "El lunes, 2 de abril de 2012, 18:26:00 CEST, Eve Example\n<help@acme.example> escribió:",
    ],
    "it": [
        "Il giorno lun 2 apr 2012 alle ore 18:26 Eve Example <help@acme.example> ha scritto:",
        "Il 02/04/2012 18:26, Eve Example ha scritto:",
    ],
    "pt": [
        "Em seg., 2 de abr. de 2012 às 18:26, Eve Example <help@acme.example> escreveu:",
        "Em 02/04/2012 18:26, Eve Example escreveu:",
    ],
    "nl": [
        "Op ma 2 apr. 2012 om 18:26 schreef Eve Example <help@acme.example>:",
        "Op 02-04-2012 om 18:26 schreef Eve Example:",
    ],
    "other": [
        "Den mån 2 apr. 2012 kl 18:26 skrev Eve Example <help@acme.example>:",
        "Den 02.04.2012 18.26, skrev Eve Example:",
        "pon., 2 kwi 2012 o 18:26 Eve Example <help@acme.example> napisał(a):",
        "W dniu 2.04.2012 o 18:26, Eve Example pisze:",
        "пн, 2 апр. 2012 г. в 18:26, Eve Example <help@acme.example>:",
        "2 апреля 2012 г., в 18:26, Eve Example <help@acme.example> написал(а):",
        "po 2. 4. 2012 v 18:26 odesílatel Eve Example <help@acme.example> napsal:",
        "Eve Example <help@acme.example>, 2 Nis 2012 Pzt, 18:26 tarihinde şunu yazdı:",
        "2012年4月2日(月) 18:26 Eve Example <help@acme.example>:",
        "于2012年4月2日周一 18:26写道：",
        "2012년 4월 2일 (월) 오후 6:26, Eve Example <help@acme.example>님이 작성:",
    ],
}
# Clients that mark nothing: a block of headers, then the old mail as it was.
WITHOUT_MARKS = {
    "en": [
        "-----Original Message-----\nFrom: Eve <help@acme.example>\nSent: Monday, April 2, 2012 6:26 PM\nTo: Ana\nSubject: Re: Order",
        "________________________________\nFrom: Eve <help@acme.example>\nSent: Monday, April 2, 2012 6:26 PM\nTo: Ana <ana@x.example>\nSubject: Re: Order",
        "*From:* Eve <help@acme.example>\n*Sent:* Monday, April 2, 2012 6:26 PM\n*To:* Ana\n*Subject:* Re: Order",
        "From: Eve\nDate: Monday, 2 April 2012 at 18:26\nTo: Ana\nSubject: Re: Order",
        "> Subject: Re: Order\n> From: help@acme.example\n> To: ana@x.example\n> Date: Mon, 2 Apr 2012 18:26:00 +0200\n>",
    ],
    "de": [
        "-----Ursprüngliche Nachricht-----\nVon: Eve <help@acme.example>\nGesendet: Montag, 2. April 2012 18:26\nAn: Ana\nBetreff: AW: Bestellung",
        "Von: Eve <help@acme.example>\nGesendet: Montag, 2. April 2012 18:26\nAn: Ana <ana@x.example>\nBetreff: AW: Bestellung",
        "Gesendet: Montag, 02. April 2012 um 18:26 Uhr\nVon: help@acme.example\nAn: ana@x.example\nBetreff: AW: Bestellung",
        "-------- Original-Nachricht --------\nBetreff: AW: Bestellung\nDatum: Mon, 2 Apr 2012 18:26:00 +0200\nVon: Eve <help@acme.example>\nAn: Ana",
    ],
    "fr": [
        "De : Eve <help@acme.example>\nEnvoyé : lundi 2 avril 2012 18:26\nÀ : Ana <ana@x.example>\nObjet : RE: Commande",
        "-----Message d'origine-----\nDe : Eve [mailto:help@acme.example]\nEnvoyé : lundi 2 avril 2012 18:26\nÀ : Ana\nObjet : RE: Commande",
    ],
    "es": [
        "De: Eve <help@acme.example>\nEnviado: lunes, 2 de abril de 2012 18:26\nPara: Ana <ana@x.example>\nAsunto: RE: Pedido",
        "-----Mensaje original-----\nDe: Eve [mailto:help@acme.example]\nEnviado el: lunes, 2 de abril de 2012 18:26\nPara: Ana\nAsunto: RE: Pedido",
    ],
    "it": ["Da: Eve <help@acme.example>\nInviato: lunedì 2 aprile 2012 18:26\nA: Ana\nOggetto: R: Ordine"],
    "pt": ["De: Eve <help@acme.example>\nEnviado: segunda-feira, 2 de abril de 2012 18:26\nPara: Ana\nAssunto: RE: Pedido"],
    "nl": ["Van: Eve <help@acme.example>\nVerzonden: maandag 2 april 2012 18:26\nAan: Ana\nOnderwerp: RE: Bestelling"],
    "other": [
        "Från: Eve <help@acme.example>\nSkickat: den 2 april 2012 18:26\nTill: Ana\nÄmne: SV: Order",
        "От: Eve <help@acme.example>\nОтправлено: 2 апреля 2012 г. 18:26\nКому: Ana\nТема: RE: Заказ",
        "发件人: Eve <help@acme.example>\n发送时间: 2012年4月2日 18:26\n收件人: Ana\n主题: 答复: 订单",
    ],
}  # fmt: skip


def cases() -> list[tuple[str, str]]:
    found = [
        (language, f"{NEW}\n\n{line}\n\n{OLD}\n") for language, lines in WITH_MARKS.items() for line in lines
    ]
    found += [
        (language, f"{NEW}\n\n{line}\n{OLD}") for language, lines in WITH_MARKS.items() for line in lines
    ]
    found += [
        (language, f"{NEW}\n\n{block}\n\n{PLAIN_OLD}")
        for language, blocks in WITHOUT_MARKS.items()
        for block in blocks
    ]
    # Gmail's and Apple's HTML as text elsewhere: the introduction, but no marks.
    unmarked = [
        (language, f"{NEW}\n\n{line}\n\n{PLAIN_OLD}")
        for language in ("en", "de", "fr", "es", "it", "pt", "nl")
        for line in WITH_MARKS[language][:2]
    ]
    return [*found, *unmarked]


def test_share_of_replies_split_right_by_language(capsys: pytest.CaptureFixture[str]) -> None:
    right, total, wrong = Counter[str](), Counter[str](), []
    for language, text in cases():
        new, quoted = quote.split_reply(text)
        total[language] += 1
        good = new == NEW and "does this work?" in quoted
        right[language] += good
        wrong += [] if good else [text]
    with capsys.disabled():
        shares = ", ".join(f"{language} {right[language]}/{total[language]}" for language in total)
        print(f"\nown replies split right: {shares}")  # noqa: T201  the figures are the point
    assert wrong == []


def test_public_replies(capsys: pytest.CaptureFixture[str]) -> None:
    files = mail_files("replies", "standard_replies/*.eml")
    right = 0
    for file in files:
        wanted = file.with_name(f"{file.stem}_reply_text")
        text = wanted.read_text() if wanted.exists() else "Hello"
        new, _ = quote.split_reply(parse.parse(file.read_bytes()).text)
        right += [line.rstrip() for line in new.split("\n")] == [
            line.rstrip() for line in text.strip().split("\n")
        ]
    with capsys.disabled():
        print(f"\npublic replies split right: {right}/{len(files)}")  # noqa: T201
    assert right == len(files)


@pytest.mark.parametrize(
    "text",
    [
        "Please book:\nFrom: Berlin\nTo: Paris\nDate: 3 May 2024\nTwo seats, thanks",
        "As your agent wrote:\nno refund. Is that true?",
        "He told me on Monday 3rd:\nwait for the parcel.",
        "I wrote on 3 May 2024: no answer so far.",
        "Prices:\n- 10:30 train, 20 EUR\n- 11:30 bus, 10 EUR",
        "The error says -> file not found\n--\nAna",
        "a\n----\nb\n----\nc",
        "Sent from my iPhone",
        "5 > 3 and\n3 < 5",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert quote.split_reply(text) == (text, "")


def test_an_answer_below_the_quote_is_found() -> None:
    text = f"On Mon, Apr 2, 2012 at 6:26 PM, Eve <help@acme.example> wrote:\n{OLD}\n\n{NEW}"
    new, quoted = quote.split_reply(text)
    assert new == NEW
    assert "does this work?" in quoted
    assert quoted.startswith("On Mon")


def test_answers_between_quoted_lines_keep_their_questions() -> None:
    text = "On 1.4.2012, Eve wrote:\n> Which size?\nXL\n> Which colour?\nBlue"
    assert quote.split_reply(text) == (text, "")


def test_a_forwarded_mail_is_what_its_sender_wants_read() -> None:
    text = "See below.\n\n---------- Forwarded message ---------\nFrom: Bob <bob@x.example>\nDate: Mon, 1 Apr 2012\nSubject: Bill\nTo: Ana\n\nPay 10 EUR."
    assert quote.split_reply(text) == (text, "")


@pytest.mark.parametrize(
    "text", [OLD, f"On 1.4.2012 10:00, Eve wrote:\n{OLD}", "> x", "-----Original Message-----\nFrom: a"]
)
def test_a_mail_of_nothing_but_quotes_is_all_new(text: str) -> None:
    assert quote.split_reply(text) == (text, "")


LINES = st.sampled_from(
    [
        "",
        "hello",
        "> a",
        ">> b",
        "On 1.1.2024 10:00 a@b.example wrote:",
        "wrote:",
        "-----Original Message-----",
        "From: a",
        "To: b",
        "Subject: c",
        "Sent: d",
        "____",
        "-- ",
        "Begin forwarded message:",
        "\u2028",
        " ",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINES | st.text(max_size=10), max_size=30).map("\n".join))
@example("____\n> a\nhello")
def test_no_words_appear_or_vanish(text: str) -> None:
    new, quoted = quote.split_reply(text)
    assert bool(new) == bool(text.strip())
    assert sorted(f"{new}\n{quoted}".split()) == sorted(text.split())
