"""URLs of the portal's shell, under `/portal/`."""

from __future__ import annotations

from django.urls import path

from helpdesk.portal import views

urlpatterns = [
    path("", views.home, name="portal"),
    path("sign-in/", views.sign_in, name="portal-sign-in"),
    path("sign-out/", views.sign_out, name="portal-sign-out"),
    path("enter/<str:token>/", views.enter, name="portal-enter"),
]
