"""URLs of what people know, say and practise: training, concerns, the round of questions, practice, guests."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from governance import concern_views, guest_views, practice_views, pulse_views, training_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("concerns/", concern_views.concerns, name="concerns"),
    path("concerns/<int:pk>/answer/", concern_views.answer, name="concern-answer"),
    path("pulse/", pulse_views.round_of_questions, name="pulse"),
    path("guest/<str:token>/", guest_views.guest, name="guest"),
    path("practice/", practice_views.page, name="practice"),
    path("practice/turn/", practice_views.turn, name="practice-turn"),
    path("practice/<slug:case>/", practice_views.answer, name="practice-answer"),
    path("training/", training_views.courses, name="training"),
    path("training/<slug:key>/", training_views.course, name="training-course"),
    path("training/<slug:key>/<int:lesson>/", training_views.answer, name="training-answer"),
]
