"""URLs of the first day and of the owner's settings, at the root of an organization's host."""

from __future__ import annotations

from django.urls import path

from helpdesk.people import settings_views, setup_views, weekly_views

urlpatterns = [
    path("welcome/<str:token>/", setup_views.welcome, name="welcome"),
    path("agreement/", setup_views.agree, name="agreement"),
    path("setup/", setup_views.setup, name="setup"),
    path("setup/shop/", setup_views.setup_shop, name="setup-shop"),
    path("setup/colleague/", setup_views.setup_colleague, name="setup-colleague"),
    path("setup/finish/", setup_views.setup_finish, name="setup-finish"),
    path("setup/checklist/", setup_views.checklist_strip, name="setup-checklist"),
    path("setup/checklist/show/", setup_views.checklist_show, name="setup-checklist-show"),
    path("setup/<slug:key>/skip/", setup_views.setup_skip, name="setup-skip"),
    path("settings/", settings_views.hub, name="settings"),
    path("settings/shop/", settings_views.shop, name="settings-shop"),
    path("settings/sign-in/", settings_views.sign_in, name="settings-sign-in"),
    path("settings/keys/", settings_views.keys, name="settings-keys"),
    path("settings/keys/<int:pk>/revoke/", settings_views.revoke_key, name="settings-key-revoke"),
    path("settings/addresses/", settings_views.addresses, name="settings-addresses"),
    path(
        "settings/addresses/<int:pk>/remove/", settings_views.remove_address, name="settings-address-remove"
    ),
    path("settings/addresses/<int:pk>/state/", settings_views.address_state, name="settings-address-state"),
    path("settings/weekly/", weekly_views.settings_page, name="settings-weekly"),
    path("weekly/off/<str:token>/", weekly_views.off, name="weekly-off"),
    path("settings/agreement/", settings_views.agreement_page, name="settings-agreement"),
]
