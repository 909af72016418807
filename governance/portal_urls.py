"""URLs of governance's pages in the portal, under `/portal/`."""

from __future__ import annotations

from django.urls import path

from governance import portal

urlpatterns = [
    path("choices/", portal.choices, name="portal-choices"),
    path("choices/<str:purpose>/", portal.choose, name="portal-choose"),
    path("no-ai/<str:token>/", portal.no_ai, name="portal-no-ai"),
    path("yes-ai/<str:token>/", portal.yes_ai, name="portal-yes-ai"),
    path("my-data/", portal.my_data, name="portal-my-data"),
    path("my-data/download/", portal.download, name="portal-download"),
    path("my-data/ask/<str:kind>/", portal.ask, name="portal-ask"),
    path("my-data/requests/<int:pk>/take-back/", portal.take_back, name="portal-take-back"),
]
