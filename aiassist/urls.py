"""URLs of the AI room."""

from __future__ import annotations

from django.urls import include, path

from aiassist import service_views, sorting_views, views
from aiassist.assistant import owners
from aiassist.help_urls import help_urls

urlpatterns = [
    path("", include("aiassist.learned_urls")),
    path("settings/ai-service/", service_views.page, name="settings-ai-service"),
    path("settings/ai-service/<int:pk>/company/", service_views.company, name="settings-ai-company"),
    path("settings/ai-service/<int:pk>/show/", service_views.show, name="settings-ai-show"),
    path("settings/ai-service/<int:pk>/leave/", service_views.leave, name="settings-ai-leave"),
    path("settings/ai-service/<int:pk>/tries/", service_views.tries, name="settings-ai-tries"),
    path("settings/ai-service/<int:pk>/check/", service_views.check, name="settings-ai-check"),
    path("settings/ai-service/<int:pk>/approve/", service_views.approve, name="settings-ai-approve"),
    path("settings/ai-service/<int:pk>/use/", service_views.use, name="settings-ai-use"),
    path("settings/assistant/", owners.page, name="settings-assistant"),
    path("settings/topics/", sorting_views.topics, name="settings-topics"),
    path("settings/topics/merge/", sorting_views.merge, name="settings-topics-merge"),
    path("settings/topics/<int:pk>/unmerge/", sorting_views.unmerge, name="settings-topics-unmerge"),
    path("settings/topics/learn/", sorting_views.learn, name="settings-topics-learn"),
    path("tickets/<int:number>/sorting/", sorting_views.show, name="sorting"),
    path("tickets/<int:number>/sorting/topic/", sorting_views.topic, name="sorting-topic"),
    path("tickets/<int:number>/sorting/<int:pk>/accept/", sorting_views.accept, name="sorting-accept"),
    path("tickets/<int:number>/sorting/<int:pk>/refuse/", sorting_views.refuse, name="sorting-refuse"),
    path("tickets/<int:number>/sorting/<int:pk>/undo/", sorting_views.undo, name="sorting-undo"),
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
    *help_urls,
    path("tickets/<int:number>/ai/retry/", views.retry, name="ai-retry"),
]
