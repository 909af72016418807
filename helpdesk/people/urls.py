"""URLs of the people room, at the root of an organization's host."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from helpdesk.people import guides, tour, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="people-invite"),
    path("people/invitations/<int:pk>/withdraw/", views.withdraw, name="people-withdraw"),
    path("people/<int:pk>/role/", views.role, name="people-role"),
    path("people/<int:pk>/active/", views.active, name="people-active"),
    path("people/<int:pk>/forget/", views.forget, name="people-forget"),
    path("people/<int:pk>/inboxes/", views.inbox_grants, name="people-inboxes"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("profile/", views.profile, name="profile"),
    path("tour/", tour.tour, name="tour"),
    path("guide/", guides.index, name="guides"),
    path("guide/<slug:name>/", guides.guide, name="guide"),
    # An address is what an invitation went to: it is not changed, and nobody signs up, on allauth's pages.
    path("account/email/", RedirectView.as_view(pattern_name="profile")),
    path("account/signup/", RedirectView.as_view(pattern_name="account_login")),
    path("account/confirm-email/", RedirectView.as_view(pattern_name="profile")),
    path("account/confirm-email/<str:key>/", RedirectView.as_view(url="/profile/")),
]
