"""URLs of what the AI learned, of test questions and of what it is told."""

from __future__ import annotations

from django.urls import path

from aiassist import golden_views, learned_views, told_views

urlpatterns = [
    path("settings/ai-learned/", learned_views.page, name="ai-learned"),
    path("settings/ai-learned/forget/", learned_views.forget, name="ai-learned-forget"),
    path("settings/ai-learned/topics/<int:pk>/", learned_views.topic, name="ai-topic"),
    path("settings/ai-tests/", golden_views.page, name="ai-tests"),
    path("settings/ai-tests/run/", golden_views.run, name="ai-tests-run"),
    path("settings/ai-tests/new/", golden_views.new, name="ai-test-new"),
    path("settings/ai-tests/<int:pk>/", golden_views.edit, name="ai-test"),
    path("settings/ai-tests/<int:pk>/remove/", golden_views.remove, name="ai-test-remove"),
    path("settings/ai-told/", told_views.page, name="ai-told"),
    path("settings/ai-told/choose/", told_views.choose, name="ai-told-choose"),
    path("tickets/<int:number>/ai/reason/", learned_views.reason, name="ai-reason"),
]
