"""The badge: an image that says what the AI does at this moment, and the page behind it. Nobody can edit either."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from governance.selectors.badge import Badge, badge
from helpdesk.portal.doors import page
from helpdesk.portal.language import supported
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.middleware import organization_of

#: A broken promise shows on other people's pages after at most this long.
KEPT_SECONDS = 300
#: Sign and colour: the sign says the same to whoever does not see colours.
_TONES = {
    "good": ("✓", "#1a7f4b"),
    "warn": ("!", "#9a5b00"),
    "bad": ("✕", "#b3261e"),
    "off": ("–", "#5b6470"),
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="28" viewBox="0 0 {width} 28" role="img" '
    'aria-label="{name}: {says}"><title>{name}: {says}</title>'
    '<rect x=".5" y=".5" width="{inner}" height="27" rx="6" fill="#ffffff" stroke="{colour}"/>'
    '<circle cx="15" cy="14" r="8" fill="{colour}"/>'
    '<text x="15" y="18" text-anchor="middle" font-family="system-ui,sans-serif" font-size="11" font-weight="700" '
    'fill="#ffffff">{sign}</text>'
    '<text x="30" y="18" font-family="system-ui,sans-serif" font-size="12" fill="#1c2126" '
    'textLength="{text}" lengthAdjust="spacingAndGlyphs">{says}</text></svg>\n'
)
_LETTER = 6.4  # the width of a letter at 12 px, on average


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def image(request: HttpRequest) -> HttpResponse:
    """The badge as SVG, in the language of the address (`?lang=de`) or of the reader; may stand on any page."""
    organization = organization_of(request)
    with translation.override(supported(request.GET.get("lang", "")) or get_language()):
        content = draw(badge(), organization.name)
    response = HttpResponse(content, content_type="image/svg+xml; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def draw(one: Badge, name: str) -> str:
    """The image of a badge; plain attributes only, so that no content policy minds it."""
    sign, colour = _TONES[one.tone]
    text = round(len(one.says) * _LETTER)
    return _SVG.format(
        width=text + 42,
        inner=text + 41,
        text=text,
        colour=colour,
        sign=sign,
        says=escape(one.says, {'"': "&quot;"}),
        name=escape(name, {'"': "&quot;"}),
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the badge says now and why, and the lines that put it on another page."""
    organization = organization_of(request)
    base, said = base_url(organization), badge()
    address = f"{base}{reverse('badge-image')}?lang={get_language()}"
    context: dict[str, Any] = {
        "badge": said,
        "code": f'<a href="{base}{reverse("trust")}"><img src="{address}" alt="{said.says}" height="28"></a>',
    }
    return page(request, "public/badge.html", context)
