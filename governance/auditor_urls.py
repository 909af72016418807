"""URLs of the pages for auditors, below /admin/auditors/."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from governance.admin import auditors
from governance.admin.doors import door

urlpatterns = [
    path("demands/", door(require_safe(auditors.demands_view), read=True), name="auditors-demands"),
    path("law/", door(require_safe(auditors.matrix_view), read=True), name="auditors-law"),
    path(
        "law/<int:task>/settle/",
        door(require_POST(auditors.settle), back="auditors-law"),
        name="auditors-law-settle",
    ),
    path("security/", door(require_safe(auditors.security_view), read=True), name="auditors-security"),
    path("security/look/", door(require_POST(auditors.look)), name="auditors-security-look"),
    path("codes/", door(require_safe(auditors.codes), read=True), name="auditors-codes"),
]
