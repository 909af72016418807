"""URLs of the settings of inboxes and mailboxes, under the desk's names."""

from __future__ import annotations

from django.urls import path

from tickets.views import mailbox

_BOX = "settings/inboxes/<int:pk>/mailbox/"

mailbox_urls = [
    path("settings/inboxes/", mailbox.inboxes, name="inboxes"),
    path("settings/inboxes/new/", mailbox.inbox, name="inbox_new"),
    path("settings/inboxes/<int:pk>/", mailbox.inbox, name="inbox"),
    path(_BOX, mailbox.mailbox, name="mailbox"),
    path(f"{_BOX}state/", mailbox.state, name="mailbox_state"),
    path(f"{_BOX}servers/", mailbox.servers, name="mailbox_servers"),
    path(f"{_BOX}test/", mailbox.test, name="mailbox_test"),
    path(f"{_BOX}certificate/", mailbox.certificate, name="mailbox_certificate"),
    path(f"{_BOX}anyway/", mailbox.anyway, name="mailbox_anyway"),
    path(f"{_BOX}disconnect/", mailbox.disconnect, name="mailbox_disconnect"),
    path(f"{_BOX}forget/", mailbox.forget, name="mailbox_forget"),
    path(f"{_BOX}older/", mailbox.history, name="mailbox_history"),
    path(f"{_BOX}older/<int:run>/stop/", mailbox.history_stop, name="mailbox_history_stop"),
    path(f"{_BOX}older/<int:run>/resume/", mailbox.history_resume, name="mailbox_history_resume"),
]
