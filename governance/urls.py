"""URLs of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from governance import outside_views, rules_views, setup_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/outside/", outside_views.questions, name="outside"),
    path("settings/outside/<int:pk>/", outside_views.answer, name="outside-answer"),
    path("rules/", rules_views.rules, name="rules"),
    path("rules/<int:pk>/read/", rules_views.read, name="rules-read"),
    path("rules/<int:pk>/comment/", rules_views.comment, name="rules-comment"),
    path("setup/rules/", setup_views.rules, name="setup-rules"),
]
