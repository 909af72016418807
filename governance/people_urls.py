"""URLs of what people know, say and practise: training, concerns, the round of questions, practice, guests."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from governance import training_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("training/", training_views.courses, name="training"),
    path("training/<slug:key>/", training_views.course, name="training-course"),
    path("training/<slug:key>/<int:lesson>/", training_views.answer, name="training-answer"),
]
