"""An owner gives what the shop has; it is read by a task, looked through by a person, and taken back if need be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from helpdesk import fetching
from helpdesk.fetching import Fetched, FetchError
from tickets.models import Article, KnowledgeImport, KnowledgeImportItem
from tickets.services import importing
from tickets.services.import_words import PROBLEMS
from tickets.tests import given_files
from tickets.tests.desk import Desk, make_desk
from tickets.tests.factories import make_article, make_import, make_import_item

pytestmark = pytest.mark.django_db
TEXT = "How long does delivery take?\nTwo days.\n\nWie lange kann ich die Ware zurückgeben?\nSie können sie 30 Tage lang zurückgeben, und das ist für Sie kostenlos."


@pytest.fixture
def desk() -> Desk:
    """A desk with its people."""
    return make_desk()


def given(desk: Desk, **data: Any) -> KnowledgeImport:
    """What the agent gives, read as the task reads it."""
    answer = desk.client(desk.agent).post("/articles/import/", data)
    assert answer.status_code == 302, answer.content.decode()
    with desk.scope():
        made = KnowledgeImport.objects.latest("pk")
    read(desk, made)
    with desk.scope():
        return KnowledgeImport.objects.get(pk=made.pk)


def read(desk: Desk, made: KnowledgeImport) -> str:
    return importing.run(organization_id=UUID(str(desk.organization.id)), import_id=made.pk)


def items(desk: Desk, source: KnowledgeImport) -> list[KnowledgeImportItem]:
    with desk.scope():
        return list(source.items.order_by("position"))


def form(rows: list[KnowledgeImportItem], *, but: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "item": [row.pk for row in rows],
        "want": [row.pk for row in rows if row.pk not in but],
    }
    for row in rows:
        data |= {f"title-{row.pk}": row.title, f"body-{row.pk}": row.body, f"language-{row.pk}": row.language}
    return {**data, **more}


def test_pasted_text_is_read_looked_through_published_and_taken_back(desk: Desk) -> None:
    client, anyone = desk.client(desk.agent), desk.client()
    source = given(desk, kind="text", text=TEXT)
    rows = items(desk, source)
    assert [(row.title, row.language) for row in rows] == [
        ("How long does delivery take?", "en"),
        ("Wie lange kann ich die Ware zurückgeben?", "de"),
    ]
    page = client.get(f"/articles/import/{source.pk}/").content.decode()
    assert "2 articles were found" in page
    assert "In German: it is offered to customers who read that." in page
    assert "delivery" not in anyone.get("/help/").content.decode(), (
        "nothing is public before a person says so"
    )
    data = form(rows, but=(rows[1].pk,), then="publish", next="/setup/")
    data[f"body-{rows[0].pk}"] = "Two days at most."
    answer = client.post(f"/articles/import/{source.pk}/add/", data)
    assert answer.url == "/setup/"
    with desk.scope():
        article = Article.objects.get()
    assert (article.body, article.status, article.author_id) == (
        "Two days at most.",
        "published",
        desk.agent.pk,
    )
    assert [row.state for row in items(desk, source)] == ["added", "left_out"]
    assert "How long does delivery take?" in anyone.get("/help/").content.decode()
    assert (
        "1 article taken back"
        in client.post(f"/articles/import/{source.pk}/take-back/", follow=True).content.decode()
    )
    with desk.scope():
        assert not Article.objects.exists()
    assert [row.state for row in items(desk, source)] == ["proposed", "proposed"]


def test_taking_back_keeps_what_somebody_changed(desk: Desk) -> None:
    client = desk.client(desk.agent)
    source = given(desk, kind="text", text=TEXT)
    client.post(f"/articles/import/{source.pk}/add/", form(items(desk, source), then="draft"))
    with desk.scope():
        changed, other = Article.objects.order_by("pk")
    edit = {
        "title": changed.title,
        "slug": changed.slug,
        "body": "Three days.",
        "language": "en",
        "then": "save",
    }
    client.post(f"/articles/{changed.pk}/", edit)
    client.post(f"/articles/{other.pk}/publish/")
    page = client.post(f"/articles/import/{source.pk}/take-back/", follow=True).content.decode()
    assert "1 article taken back" in page
    assert "1 stays" in page
    with desk.scope():
        assert list(Article.objects.values_list("body", flat=True)) == ["Three days."]


def test_what_says_the_same_already_is_noticed_and_not_ticked(desk: Desk) -> None:
    with desk.scope():
        make_article(title="How long does DELIVERY take", body="Else.")
        make_article(
            title="Returns", body="Sie können sie 30 Tage lang zurückgeben, und das ist für Sie kostenlos!"
        )
    source = given(desk, kind="text", text=TEXT)
    assert all(row.like_id for row in items(desk, source))
    page = desk.client(desk.agent).get(f"/articles/import/{source.pk}/").content.decode()
    assert page.count("There already") == 2
    assert 'name="want"' in page
    assert " checked aria-label" not in page


def test_a_pdf_and_a_word_file_come_as_uploads_and_their_bytes_go_after_reading(desk: Desk) -> None:
    pages = [["*How long?", "Two days, and not an hour more."]] * 3
    files = [
        SimpleUploadedFile("our faq.pdf", given_files.pdf(pages), "application/pdf"),
        SimpleUploadedFile(
            "faq.exe", given_files.docx([("heading", "How long?"), ("", "Two days.")]), "image/png"
        ),
        SimpleUploadedFile("faq.html", b"<h2>How long?</h2><p>Two days from here to you.</p>", "text/html"),
    ]
    for file in files:
        source = given(desk, kind="file", file=file)
        assert (source.state, source.content) == ("ready", None)
        assert items(desk, source)[0].title == "How long?"
    with desk.scope():
        assert KnowledgeImport.objects.earliest("pk").done == 3


def test_what_cannot_be_read_is_kept_with_the_next_step_and_can_be_tried_again(desk: Desk) -> None:
    client = desk.client(desk.agent)
    secret = given_files.locked_pdf([["A secret"]], "pw")
    source = given(desk, kind="file", file=SimpleUploadedFile("faq.pdf", secret))
    assert (source.state, source.problem) == ("failed", "locked")
    assert bytes(source.content or b"") == secret
    page = client.get(f"/articles/import/{source.pk}/").content.decode()
    assert "protected with a password" in page
    assert "Save a copy without the password" in page
    client.post(f"/articles/import/{source.pk}/again/")
    with desk.scope():
        assert KnowledgeImport.objects.get().state == "waiting"
    client.post(f"/articles/import/{source.pk}/forget/")
    with desk.scope():
        assert not KnowledgeImport.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "text", "text": "  "},
        {"kind": "text"},
        {"kind": "file"},
        {"kind": "page", "address": "file:///etc/passwd"},
        {"kind": "page", "address": ""},
        {"kind": "nonsense"},
    ],
)
def test_nothing_to_read_is_said_at_once(desk: Desk, data: dict[str, str]) -> None:
    answer = desk.client(desk.agent).post("/articles/import/", data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_file_that_is_too_large_is_said_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_BYTES", 1000)
    answer = desk.client(desk.agent).post(
        "/articles/import/", {"kind": "file", "file": SimpleUploadedFile("a.txt", b"x" * 2000)}
    )
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.content.decode()


def test_a_page_of_the_site_is_fetched_by_the_task(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Fetched(
        "https://shop.example/faq",
        "text/html",
        "utf-8",
        b"<h2>Where?</h2><p>In the old town, next to the church.</p>",
    )
    monkeypatch.setattr(fetching, "fetch", lambda _url: page)
    source = given(desk, kind="page", address="shop.example/faq")
    assert (source.name, source.state) == ("https://shop.example/faq", "ready")
    assert items(desk, source)[0].title == "Where?"


@pytest.mark.parametrize(
    "code", ["login", "private_address", "not_found", "bad_certificate", "other_site", "no_page"]
)
def test_a_page_that_is_not_for_us_names_the_next_step(
    desk: Desk, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_url: str) -> Any:
        raise FetchError(code, "shop.example")

    monkeypatch.setattr(fetching, "fetch", refuse)
    source = given(desk, kind="page", address="shop.example/faq")
    page = desk.client(desk.agent).get(f"/articles/import/{source.pk}/").content.decode()
    assert str(PROBLEMS[code].next_step) in page
    assert "%(" not in page


@pytest.mark.django_db(transaction=True)
def test_a_page_inside_our_network_is_not_read(desk: Desk) -> None:
    for address in (
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
    ):
        assert given(desk, kind="page", address=address).problem == "private_address"


def test_every_reason_has_its_words() -> None:
    codes = {
        "empty",
        "locked",
        "scanned",
        "old_word",
        "wrong_type",
        "broken",
        "too_large",
        "too_large_inside",
    }
    codes |= {
        "too_many_pages",
        "too_many_articles",
        "too_slow",
        "needs_script",
        "login",
        "bad_address",
        "unknown_host",
    }
    codes |= {
        "private_address",
        "no_answer",
        "bad_certificate",
        "not_found",
        "no_page",
        "other_site",
        "too_many_redirects",
    }
    assert codes <= set(PROBLEMS)
    assert all(one.what and one.next_step for one in PROBLEMS.values())


def test_what_a_broker_lost_is_found_and_nothing_is_read_twice(desk: Desk) -> None:
    with desk.scope():
        source = make_import(state="waiting", content=TEXT.encode())
        KnowledgeImport.objects.update(created_at=timezone.now() - timezone.timedelta(minutes=2))
        assert importing.waiting() == [source.pk]
    assert read(desk, source) == "ready"
    assert read(desk, source) == "skipped"
    assert len(items(desk, source)) == 2


def test_the_page_shows_how_far_it_is_and_comes_anew_when_it_is_read(desk: Desk) -> None:
    client = desk.client(desk.agent)
    with desk.scope():
        source = make_import(state="reading", done=12, total=30)
    assert "Page 12 of 30" in client.get(f"/articles/import/{source.pk}/").content.decode()
    assert "Page 12 of 30" in client.get(f"/articles/import/{source.pk}/state/").content.decode()
    with desk.scope():
        KnowledgeImport.objects.update(state="ready")
    assert client.get(f"/articles/import/{source.pk}/state/").headers["HX-Refresh"] == "true"


def test_other_peoples_imports_do_not_exist_and_auditors_import_nothing(desk: Desk) -> None:
    other = make_desk()
    with other.scope():
        item = make_import_item()
        source = item.source
    client = desk.client(desk.owner)
    assert client.get(f"/articles/import/{source.pk}/").status_code == 404
    for action in ("add", "again", "take-back", "forget"):
        assert client.post(f"/articles/import/{source.pk}/{action}/").status_code == 404
    with desk.scope():
        mine = make_import()
    client.post(f"/articles/import/{mine.pk}/add/", form([item], then="publish"))
    for scope in (desk.scope(), other.scope()):
        with scope:
            assert not Article.objects.exists()
    auditor = desk.client(desk.auditor)
    for path in ("/articles/import/", f"/articles/import/{mine.pk}/", "/articles/starters/"):
        assert auditor.get(path).status_code == 403


def test_going_on_leads_only_to_this_host(desk: Desk) -> None:
    source = given(desk, kind="text", text=TEXT)
    data = form(items(desk, source), then="draft", next="//evil.example/")
    assert desk.client(desk.agent).post(f"/articles/import/{source.pk}/add/", data).url == "/articles/"


def test_the_review_page_takes_the_same_queries_at_any_length(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    client, taken = desk.client(desk.agent), []
    for size in (2, 20):
        with desk.scope():
            source = make_import()
            for _ in range(size):
                make_import_item(source=source, like=make_article())
                make_import_item(source=source, state="added", article=make_article())
        client.get(f"/articles/import/{source.pk}/")
        with django_assert_max_num_queries(20) as captured:
            client.get(f"/articles/import/{source.pk}/")
        taken.append(len(captured.captured_queries))
    assert taken[0] == taken[1]
