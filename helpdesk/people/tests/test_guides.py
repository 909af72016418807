"""Help inside: every page of the desk names its two-minute page, which is there and says what it must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from helpdesk.people.guides import guides, names
from tickets.tests.desk import Desk, make_desk

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SHELLS = {"desk/base.html", "desk/page.html"}
EXTENDS = re.compile(r'{%\s*extends\s+"([^"]+)"')
NAMED = re.compile(r"{%\s*block guide\s*%}([a-z0-9-]+){%\s*endblock")
PARTS = ("guide_title", "guide_about", "guide_for", "guide_do", "guide_wrong")


def parent_of(template: str) -> str:
    """What the template extends; empty where it stands alone."""
    found = EXTENDS.search((TEMPLATES / template).read_text())
    return found[1] if found else ""


def staff_pages() -> list[str]:
    """Templates of whole pages of the desk."""
    every = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    pages, parents = set(), set(SHELLS)
    while more := {one for one in every - pages if parent_of(one) in parents}:
        pages |= more
        parents |= more
    return sorted(one for one in pages - SHELLS if not one.startswith("guide/"))


def guide_of(template: str) -> str:
    """The guide that a template names, or the one that it extends."""
    found = NAMED.search((TEMPLATES / template).read_text())
    if found:
        return found[1]
    return guide_of(parent_of(template)) if parent_of(template) else ""


def test_there_are_staff_pages() -> None:
    assert {"desk/desk.html", "people/people.html", "desk/ai_activity.html"} <= set(staff_pages())


@pytest.mark.parametrize("template", staff_pages())
def test_every_staff_page_names_a_guide_that_is_there(template: str) -> None:
    assert guide_of(template) in names(), f"{template}: {{% block guide %}}name{{% endblock %}} is missing"


@pytest.mark.parametrize("name", sorted(names()))
def test_every_guide_says_what_it_must_in_two_minutes(name: str) -> None:
    source = (TEMPLATES / "guide" / f"{name}.html").read_text()
    for part in PARTS:
        found = re.search(rf"{{% block {part} %}}(.+?){{% endblock %}}", source, re.DOTALL)
        assert found, f"{name} has no {part}"
        assert found[1].strip(), f"{name}: {part} is empty"
    words = re.sub(r"{%.*?%}|<.*?>", " ", source).split()
    assert len(words) < 450, f"{name} takes more than two minutes"


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


def test_every_guide_opens_for_everybody_who_works_here(desk: Desk) -> None:
    client = desk.client(desk.auditor)
    for name in names():
        answer = client.get(f"/guide/{name}/")
        assert answer.status_code == 200, name
    listed = client.get("/guide/").content.decode()
    for one in guides("en"):
        assert one.title
        assert f"/guide/{one.name}/" in listed


def test_a_page_leads_to_its_own_guide(desk: Desk) -> None:
    client = desk.client(desk.owner)
    assert 'data-guide="desk"' in client.get("/").content.decode()
    assert 'data-guide="people"' in client.get("/people/").content.decode()
    assert "data-guide-link" in client.get("/").content.decode()


@pytest.mark.parametrize("name", ["base", "index", "nothing", "..%2Fdesk%2Fbase", "desk/../base"])
def test_only_guides_are_opened(desk: Desk, name: str) -> None:
    assert desk.client(desk.owner).get(f"/guide/{name}/").status_code == 404


def test_strangers_are_sent_to_sign_in(desk: Desk) -> None:
    assert desk.client().get("/guide/").status_code == 302
    assert desk.client().get("/guide/desk/").status_code == 302
