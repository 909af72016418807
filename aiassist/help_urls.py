"""URLs of help beside a draft."""

from __future__ import annotations

from django.urls import path

from aiassist import help_views

help_urls = [
    path("tickets/<int:number>/ai/help/", help_views.text, name="ai-help"),
    path("tickets/<int:number>/ai/help/menu/", help_views.menu, name="ai-help-menu"),
    path("tickets/<int:number>/ai/help/ask/", help_views.ask, name="ai-help-ask"),
    path("tickets/<int:number>/ai/help/<int:pk>/use/", help_views.use, name="ai-help-use"),
    path("tickets/<int:number>/ai/help/<int:pk>/undo/", help_views.undo, name="ai-help-undo"),
    path("tickets/<int:number>/ai/help/<int:pk>/dismiss/", help_views.dismiss, name="ai-help-dismiss"),
    path("tickets/<int:number>/ai/article/words/", help_views.article, name="ai-article-words"),
    path("tickets/<int:number>/ai/summary/", help_views.summary, name="ai-summary"),
]
