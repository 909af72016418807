"""What shops have, cut into articles; and what nobody can read, with its reason. Each runs in the real process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickets.reading import sandbox
from tickets.reading.blocks import Unreadable
from tickets.reading.language import language_of
from tickets.tests import given_files

PAGE = """<!doctype html><html><head><title>FAQ</title></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav><div class="cookie-banner"><p>We use cookies. Do you agree?</p></div>
<h1>Frequently asked questions</h1><h2>Delivery</h2>
<div class="accordion-item"><h3 class="accordion-header"><button aria-expanded="false">How long does it take?</button></h3>
<div class="accordion-body"><p>Two days.</p><ul><li>With DHL</li><li>With the post</li></ul></div></div>
<details><summary>Do you ship to Switzerland</summary><p>Yes, see <a href="https://shop.example/ch">here</a>.</p></details>
<dl><dt>Can I return it?</dt><dd>Within 30 days.</dd><dt>Gift cards</dt><dd>Valid three years.</dd></dl>
<div class="faq-question">Do you repair?</div><div class="faq-answer">No.</div>
<h2>Our shop</h2><p>Open daily from 10 to 18.</p><p><strong>Is there parking?</strong><br>Behind the house.</p>
<footer><p>Any questions?</p><p>Call us.</p></footer><script>alert("Is this an answer?")</script></body></html>"""


def titles(data: bytes | str, **how: str) -> list[str]:
    content = data.encode() if isinstance(data, str) else data
    return [piece.title for piece in sandbox.read(content, **how)]  # type: ignore[arg-type]


def code(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        sandbox.read(data)
    return refused.value.code


def test_a_page_is_cut_at_everything_that_opens_and_asks() -> None:
    pieces = sandbox.read(PAGE.encode())
    assert [(piece.title, piece.body) for piece in pieces] == [
        ("How long does it take?", "Two days.\n\n- With DHL\n- With the post"),
        ("Do you ship to Switzerland", "Yes, see here (https://shop.example/ch)."),
        ("Can I return it?", "Within 30 days."),
        ("Gift cards", "Valid three years."),
        ("Do you repair?", "No."),
        ("Our shop", "Open daily from 10 to 18."),
        ("Is there parking?", "Behind the house."),
    ]


def test_a_page_drawn_by_a_script_may_still_say_its_questions_to_search_engines() -> None:
    page = """<html><body><div id="root"></div><script src="/app.js"></script><script type="application/ld+json">
    {"@context": "https://schema.org", "@graph": [{"@type": "FAQPage", "mainEntity": [
      {"@type": "Question", "name": "Where is it?", "acceptedAnswer": {"@type": "Answer", "text": "<p>In the post.</p><h2>Or</h2>"}},
      {"@type": "Question", "name": "How much?", "acceptedAnswer": [{"text": "Ten &euro;."}]}]}]}</script></body></html>"""
    assert [(one.title, one.body) for one in sandbox.read(page.encode())] == [
        ("Where is it?", "In the post.\n\nOr"),
        ("How much?", "Ten €."),
    ]


def test_pasted_text_in_the_ways_people_write_it() -> None:
    text = """Our answers

Q: Where is my order?
A: You get a link by mail.
It works for 30 days.

2) Do you open on Sunday?
No.

## Delivery
Two to four days.

PARKING SPACES
Behind the house.

**Vouchers**
Valid three years.

Gift wrapping
We wrap for free."""
    found = {piece.title: piece.body for piece in sandbox.read(text.encode())}
    assert found["Where is my order?"] == "You get a link by mail.\nIt works for 30 days."
    assert found["Do you open on Sunday?"] == "No."
    assert [found[title] for title in ("Delivery", "Parking spaces", "Vouchers", "Gift wrapping")] == [
        "Two to four days.",
        "Behind the house.",
        "Valid three years.",
        "We wrap for free.",
    ]


def test_text_without_a_question_or_heading_is_one_article() -> None:
    text = "We send everything within two days. If it takes longer, you hear from us.\n\nAsk us anything."
    assert titles(text, name="Delivery") == ["Delivery"]
    assert sandbox.read(text.encode())[0].body == text


def test_a_question_inside_an_answer_does_not_end_it() -> None:
    text = "How do I return it?\nPack it well. Is it broken? Then tell us first. We help at once.\n\nWhat does it cost?\nNothing."
    pieces = sandbox.read(text.encode())
    assert [piece.title for piece in pieces] == ["How do I return it?", "What does it cost?"]
    assert "Is it broken?" in pieces[0].body


def test_word_in_german_with_headings_lists_and_tracked_changes() -> None:
    file = given_files.docx([
        ("heading", "Wie lange dauert der Versand?"), ("", "Zwei Tage."), ("item", "mit DHL"), ("item", "mit der Post"),
        ("bold", "Rückgabe"), ("", "Innerhalb von 30 Tagen."), ("", "Kann ich stornieren?"), ("", "Ja."),
    ])  # fmt: skip
    pieces = sandbox.read(file)
    assert [(piece.title, piece.body) for piece in pieces] == [
        ("Wie lange dauert der Versand?", "Zwei Tage.\n\n- mit DHL\n- mit der Post"),
        ("Rückgabe", "Innerhalb von 30 Tagen."),
        ("Kann ich stornieren?", "Ja."),
    ]


def _thirty_pages() -> list[list[str]]:
    return [
        ["Boutique Zoe - Handbook", "", f"*How do I do thing number {n}?", "You go to the counter and ask for it, and some-",
         "body will bring it to you within a day.", "", "It costs ten euros.", f"Page {n} of 30"]
        for n in range(1, 31)
    ]  # fmt: skip


def test_a_pdf_of_thirty_pages_tells_how_far_it_is_and_loses_its_headers() -> None:
    heard: list[tuple[int, int]] = []
    pieces = sandbox.read(
        given_files.pdf(_thirty_pages()), on_page=lambda done, total: heard.append((done, total))
    )
    assert heard == [(n, 30) for n in range(1, 31)]
    assert [piece.title for piece in pieces] == [f"How do I do thing number {n}?" for n in range(1, 31)]
    for piece in pieces:
        assert piece.body.startswith("You go to the counter and ask for it, and somebody will bring it")
        assert "Handbook" not in piece.body
        assert "of 30" not in piece.body


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Größe? €5\nJa, für Sie.".encode("cp1252"), "Größe? €5"),
        ("Größe? €5\nJa, für Sie.".encode("utf-16"), "Größe? €5"),
        ("Größe? €5\nJa, für Sie.".encode("utf-16-le"), "Größe? €5"),
        ("\ufeffGröße? €5\nJa, für Sie.".encode(), "Größe? €5"),
        ('<html><meta charset="iso-8859-15"><h2>Größe? €5</h2><p>Ja, für Sie allein.</p>'.encode("iso-8859-15"), "Größe? €5"),
        ("Où est-ce ?\r\nIci, à côté.\x00\x07".encode(), "Où est-ce ?"),
    ],
)  # fmt: skip
def test_letters_survive_whatever_charset_they_came_in(data: bytes, text: str) -> None:
    piece = sandbox.read(data)[0]
    assert text in f"{piece.title}\n{piece.body}"
    assert "\x00" not in piece.body


BOMB = given_files.zipped({"word/document.xml": b"<a>" + b" " * (60 * 1024 * 1024)})
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
LOGIN = b"<html><body><h1>Welcome</h1><form><input name=u><input type='password' name=p></form></body></html>"
SCRIPTED = b"<html><body><div id=app></div><script src=/a.js></script><noscript>Please enable JavaScript</noscript></body></html>"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"   \n\n ", "empty"),
        (b"<html><body><p></p></body></html>", "empty"),
        (given_files.docx([("", "")]), "empty"),
        (given_files.pdf([[], []]), "scanned"),
        (given_files.locked_pdf([["A secret"]], "pw"), "locked"),
        (OLD_WORD + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (OLD_WORD, "old_word"),
        (BOMB, "too_large_inside"),
        (given_files.docx([("", "&c;")], head=LAUGHS), "broken"),
        (given_files.zipped({"xl/workbook.xml": "<x/>"}), "wrong_type"),
        (b"PK\x03\x04 and then nothing", "broken"),
        (b"%PDF-1.7\nand then nothing", "broken"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "wrong_type"),
        (b"{\\rtf1 Hello}", "wrong_type"),
        (LOGIN, "login"),
        (SCRIPTED, "needs_script"),
        (b"x" * 700_000, "too_large"),
        (b"\n\n".join(b"Is it %d?\nYes." % n for n in range(400)), "too_many_articles"),
        (given_files.pdf([["Hello there, friends"]] * 301), "too_many_pages"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_nobody_can_read_says_why(data: bytes, reason: str) -> None:
    assert code(data) == reason


def test_a_pdf_that_anybody_may_read_and_nobody_print_is_read() -> None:
    assert titles(given_files.locked_pdf([["*How long?", "Two days, and not an hour more."]], "")) == [
        "How long?"
    ]


def test_a_reader_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets" / "reading.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(sandbox, "ROOT", tmp_path)
    with pytest.raises(Unreadable) as refused:
        sandbox.read(b"hello", seconds=1)
    assert refused.value.code == "too_slow"


def test_the_reader_does_not_have_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hole in a PDF library must not lead to the database: the process inherits no environment."""
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets" / "reading.py").write_text(
        'import json, os\nprint(json.dumps({"pieces": [["env", str("SECRET_KEY" in os.environ)]]}))\n'
    )
    monkeypatch.setattr(sandbox, "ROOT", tmp_path)
    assert sandbox.read(b"hello")[0].body == "False"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("You can return it within thirty days if it is unused.", "en"),
        ("Sie können die Ware innerhalb von 30 Tagen zurückgeben, wenn sie nicht benutzt ist.", "de"),
        ("Vous pouvez renvoyer les articles dans les trente jours, s'ils ne sont pas portés.", "fr"),
        ("Puede devolver el artículo en un plazo de 30 días, siempre que no se haya usado.", "es"),
        ("È possibile restituire gli articoli della boutique con lo scontrino, non è un problema.", "it"),
        ("U kunt het artikel binnen dertig dagen met de bon aan ons terugsturen, dat is gratis.", "nl"),
        ("10 €", "xx"),
    ],
)
def test_the_language_is_told_by_small_words(text: str, language: str) -> None:
    assert language_of(text, "xx") == language
