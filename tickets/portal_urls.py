"""URLs of the customer's ticket pages, under `/portal/`."""

from __future__ import annotations

from django.urls import path

from tickets import portal, portal_suggest, portal_survey

urlpatterns = [
    path("tickets/", portal.tickets, name="portal-tickets"),
    path("tickets/new/", portal.new, name="portal-new"),
    path("tickets/new/answers/", portal_suggest.suggestions, name="portal-suggestions"),
    path("tickets/<int:number>/", portal.ticket, name="portal-ticket"),
    path("tickets/<int:number>/ai/", portal.touched, name="portal-touched"),
    path("tickets/<int:number>/settle/", portal.settle, name="portal-settle"),
    path("tickets/<int:number>/reopen/", portal.reopen, name="portal-reopen"),
    path("tickets/<int:number>/opinion/", portal_survey.said, name="portal-survey"),
    path("opinion/<str:token>/", portal_survey.link, name="portal-survey-link"),
    path("ai/<str:token>/", portal.touched_link, name="portal-touched-link"),
    path("tickets/<int:number>/files/<int:pk>/", portal.attachment, name="portal-file"),
    path("tickets/<int:number>/answers/<int:pk>/why/", portal.why, name="portal-why"),
    path("tickets/<int:number>/answers/<int:pk>/look-again/", portal.look_again, name="portal-look-again"),
    path("why/<str:token>/", portal.why_link, name="portal-why-link"),
]
