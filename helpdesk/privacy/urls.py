"""URLs of the privacy room, at the root of an organization's host."""

from __future__ import annotations

from django.urls import path

from helpdesk.privacy.leaving import views

urlpatterns = [
    path("settings/leaving/", views.leaving, name="settings-leaving"),
    path("settings/leaving/make/", views.make, name="settings-leaving-make"),
    path("settings/leaving/close/", views.close, name="settings-leaving-close"),
    path("settings/leaving/undo/", views.undo, name="settings-leaving-undo"),
    path("settings/leaving/<int:pk>/", views.download, name="settings-leaving-file"),
    path("settings/leaving/<int:pk>/state/", views.state, name="settings-leaving-state"),
]
