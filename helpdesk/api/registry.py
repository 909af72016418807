"""What the API serves: rooms register their views in `AppConfig.ready`, the URLs are made of them."""

from __future__ import annotations

from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ViewSetMixin

_views: dict[str, tuple[type[ViewSetMixin], str]] = {}


def register(prefix: str, viewset: type[ViewSetMixin], *, basename: str = "") -> None:
    """Serve `viewset` under `/api/v1/<prefix>/`. Registering twice is no error."""
    _views[prefix] = (viewset, basename or prefix.replace("/", "-"))


def router() -> DefaultRouter:
    """A router with everything that was registered."""
    made = DefaultRouter()
    for prefix, (viewset, basename) in sorted(_views.items()):
        made.register(prefix, viewset, basename=f"api-{basename}")
    return made
