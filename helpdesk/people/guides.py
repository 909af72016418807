"""Help inside the product: each page of the desk names its two-minute page, which is a template in templates/guide/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, Template
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from helpdesk.people.decorators import member_required

#: Templates of the folder that are no guides.
_OTHERS = frozenset({"base", "index"})


@dataclass(frozen=True)
class Guide:
    """A two-minute page as the list of them shows it."""

    name: str
    title: str
    about: str


@cache
def names() -> frozenset[str]:
    """Every guide there is."""
    folder = Path(settings.BASE_DIR) / "templates" / "guide"
    return frozenset(path.stem for path in folder.glob("*.html")) - _OTHERS


@require_GET
@member_required()
def index(request: HttpRequest) -> HttpResponse:
    """Every guide, by title."""
    return render(request, "guide/index.html", {"guides": guides(get_language() or "")})


@require_GET
@member_required()
def guide(request: HttpRequest, name: str) -> HttpResponse:
    """One guide."""
    if name not in names():
        raise Http404
    titles = {one.name: one.title for one in guides(get_language() or "")}
    return render(request, f"guide/{name}.html", {"title": titles[name]})


@cache
def guides(language: str) -> tuple[Guide, ...]:
    """The guides with their titles in this language, sorted by title."""
    del language
    found = [Guide(name, _block(name, "guide_title"), _block(name, "guide_about")) for name in names()]
    return tuple(sorted(found, key=lambda one: one.title.lower()))


def _block(name: str, block: str) -> str:
    """The text of one block of a guide's own template."""
    template: Template = get_template(f"guide/{name}.html").template  # type: ignore[attr-defined]
    for node in template.nodelist.get_nodes_by_type(BlockNode):
        if isinstance(node, BlockNode) and node.name == block:
            return str(node.nodelist.render(Context())).strip()
    return ""
