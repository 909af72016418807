"""URLs of the bare host's pages."""

from __future__ import annotations

from django.urls import path

from helpdesk.signup import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("sign-up/", views.sign_up, name="signup"),
    path("sign-up/address/", views.address_check, name="signup-address"),
    path("sign-up/confirm/<str:sealed>/", views.confirm, name="signup-confirm"),
]
