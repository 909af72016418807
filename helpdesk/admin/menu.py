"""The owner's menu: Rules, AI activity, Fairness, Data requests, People, Papers, For auditors."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from helpdesk.people.permissions import can

#: Part of an address and its help page; the first that fits.
GUIDES = (
    ("appointments", "appointments"),
    ("opinions", "opinions"),
    ("ethicspolicy", "rules"),
    ("aidecision", "ai-activity"),
    ("aistop", "stops"),
    ("aisystem", "registers"),
    ("vendor", "registers"),
    ("aiservice", "ai-service"),
    ("incident", "incidents"),
    ("biasaudit", "fairness"),
    ("finding", "fairness"),
    ("datarequest", "data-requests"),
    ("consent", "data-requests"),
    ("membership", "people"),
    ("course", "training"),
    ("certificate", "training"),
    ("inbox", "inboxes"),
    ("paper", "papers"),
    ("change", "papers"),
    ("record", "records"),
    ("risk", "risks"),
    ("article", "articles"),
    ("cannedreply", "ready-replies"),
    ("auditors", "for-auditors"),
    ("ledgerentry", "for-auditors"),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's sidebar. Rooms are named by URL only."""
    return [
        {
            "items": [
                _item(_("Home"), "home", "admin:index"),
                {
                    **_item(_("Rules"), "rule", "admin:governance_ethicspolicy_changelist"),
                    "active": _on_rules,
                },
                _item(_("Exceptions"), "door_open", "admin:exceptions"),
                _item(_("Appointments"), "event", "admin:appointments"),
                {
                    "title": _("Help with this page"),
                    "icon": "help",
                    "link": reverse("guide", args=[guide_of(request.path)]),
                },
            ]
        },
        {
            "title": _("AI activity"),
            "items": [
                _item(_("What it did"), "list_alt", "admin:governance_aidecision_changelist"),
                _item(_("Stops"), "front_hand", "admin:governance_aistop_changelist"),
                _item(_("AI systems"), "smart_toy", "admin:governance_aisystem_changelist"),
                _item(_("AI services"), "domain", "admin:governance_vendor_changelist"),
                _item(_("AI service in use"), "dns", "admin:aiassist_aiservice_changelist"),
                _item(_("Incidents"), "report", "admin:governance_incident_changelist"),
            ],
        },
        {
            "title": _("Fairness"),
            "items": [
                _item(_("Checks"), "balance", "admin:governance_biasaudit_changelist"),
                _item(_("Findings"), "search", "admin:governance_finding_changelist"),
            ],
        },
        {
            "title": _("Data requests"),
            "items": [
                _item(_("Requests"), "inbox", "admin:governance_datarequest_changelist"),
                _item(_("Questions from outside"), "contact_support", "outside"),
                _item(_("Customers’ choices"), "how_to_vote", "admin:governance_consent_changelist"),
            ],
        },
        {
            "title": _("People"),
            "items": [
                _item(_("Who works here"), "group", "admin:people_membership_changelist"),
                _item(_("What customers say"), "reviews", "admin:opinions"),
                _item(_("Courses"), "school", "admin:governance_course_changelist"),
                _item(_("Certificates"), "workspace_premium", "admin:governance_certificate_changelist"),
                _item(_("Inboxes"), "mail", "admin:tickets_inbox_changelist"),
            ],
        },
        {
            "title": _("Papers"),
            "items": [
                _item(_("All papers"), "description", "admin:governance_paper_changelist"),
                _item(
                    _("You said, we changed"), "published_with_changes", "admin:governance_change_changelist"
                ),
                _item(_("Records"), "forum", "admin:governance_record_changelist"),
                _item(_("Risks"), "warning", "admin:governance_risk_changelist"),
                _item(_("Articles"), "article", "admin:tickets_article_changelist"),
                _item(_("Ready replies"), "quickreply", "admin:tickets_cannedreply_changelist"),
            ],
        },
        {
            "title": _("For auditors"),
            "items": [
                _item(_("63 demands"), "checklist", "auditors-demands"),
                _item(_("The law"), "gavel", "auditors-law"),
                _item(_("Security check"), "security", "auditors-security"),
                _item(_("Codes of the checks"), "tag", "auditors-codes"),
                _item(_("What happened"), "history", "admin:governance_ledgerentry_changelist"),
            ],
        },
    ]


def guide_of(path: str) -> str:
    """The name of the help page for an address of the admin; the general one where a page has none of its own."""
    parts = path.strip("/").split("/")[1:4]  # room, list, and what stands below it
    return next((guide for part, guide in GUIDES if part in parts), "rules-and-records")


def _on_rules(request: HttpRequest) -> bool:
    """Exceptions and appointments have addresses below those of the rules, and lines of their own."""
    below = request.path.partition("/ethicspolicy/")
    return bool(below[1]) and not below[2].startswith(("exceptions/", "appointments/", "opinions/"))


def _item(title: Any, icon: str, url: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(url), "permission": _may_enter}


def _may_enter(request: HttpRequest) -> bool:
    member = getattr(request, "member", None)
    return can(member, "admin") or can(member, "admin_read")
