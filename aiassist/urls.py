"""URLs of the AI room."""

from __future__ import annotations

from django.urls import path

from aiassist import views

urlpatterns = [
    path("ai-activity/", views.activity, name="ai-activity"),
    path("tickets/<int:number>/ai/", views.show, name="ai-panel"),
    path("tickets/<int:number>/ai/article/", views.article, name="ai-article"),
    path("tickets/<int:number>/ai/use/", views.use, name="ai-use"),
    path("tickets/<int:number>/ai/edit/", views.edit, name="ai-edit"),
    path("tickets/<int:number>/ai/reject/", views.reject, name="ai-reject"),
    path("tickets/<int:number>/ai/undo/", views.undo, name="ai-undo"),
    path("tickets/<int:number>/ai/off/", views.off, name="ai-off"),
    path("tickets/<int:number>/ai/on/", views.on, name="ai-on"),
    path("tickets/<int:number>/ai/suggest/", views.suggest, name="ai-suggest"),
    path("tickets/<int:number>/ai/retry/", views.retry, name="ai-retry"),
]
