"""URLs of the assistant, under `/portal/assistant/`: there a customer's sign-in is seen, and nobody has to have one."""

from __future__ import annotations

from django.urls import path

from aiassist.assistant import views

urlpatterns = [
    path("", views.talk, name="assistant"),
    path("newest/", views.newest, name="assistant-newest"),
    path("right/", views.right, name="assistant-right"),
    path("person/", views.person, name="assistant-person"),
    path("forget/", views.forget, name="assistant-forget"),
]
