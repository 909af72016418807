"""How steps, stops and events are said on screens; codes stay for auditors."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.core.topics import topic_words
from governance.models import AIStop

ACTIONS = {
    "triage": gettext_lazy("sort a message"),
    "draft": gettext_lazy("write a draft"),
    "rewrite": gettext_lazy("rewrite a text"),
    "translate": gettext_lazy("translate a text"),
    "save": gettext_lazy("keep a draft"),
    "approve": gettext_lazy("approve an answer"),
    "send": gettext_lazy("send an answer"),
    "acknowledge": gettext_lazy("tell a customer that their message arrived"),
    "index": gettext_lazy("read your articles"),
    "reuse": gettext_lazy("use an earlier answer"),
    "evaluate": gettext_lazy("test itself"),
    "self_service": gettext_lazy("look for an answer on the help pages"),
    "answer": gettext_lazy("answer on the help pages"),
}
EVENTS = {
    "ai_allowed": gettext_lazy("The AI was allowed to do something"),
    "ai_stopped": gettext_lazy("A rule stopped the AI"),
    "ai_service_removed": gettext_lazy("An AI service was removed"),
    "ai_service_saved": gettext_lazy("An AI service was set up or changed"),
    "ai_stop_started": gettext_lazy("Somebody stopped the AI"),
    "ai_stop_lifted": gettext_lazy("Somebody started the AI again"),
    "audit_changed": gettext_lazy("A fairness check was changed"),
    "audit_created": gettext_lazy("A fairness check was written down"),
    "audit_removed": gettext_lazy("A fairness check was removed"),
    "certificate_issued": gettext_lazy("Somebody passed a course, or a course of others was counted"),
    "certificate_revoked": gettext_lazy("A certificate was taken back"),
    "choice": gettext_lazy("A customer said yes or no"),
    "concern_raised": gettext_lazy("Somebody raised a concern"),
    "goodwill_given": gettext_lazy("Somebody gave goodwill"),
    "guest_invited": gettext_lazy("A guest may read for some days"),
    "guest_revoked": gettext_lazy("A guest's reading was ended"),
    "data_deleted": gettext_lazy("A customer's data was deleted"),
    "policy_published": gettext_lazy("Rules were published"),
    "practised": gettext_lazy("Somebody practised on an invented draft"),
    "reply_approved": gettext_lazy("A person approved an answer"),
    "reply_sent": gettext_lazy("An answer was sent"),
    "paper_made": gettext_lazy("A paper was made"),
    "question_taken": gettext_lazy("Somebody outside asked or objected"),
    "record_sealed": gettext_lazy("Old entries of the record were sealed"),
    "request_denied": gettext_lazy("A data request was refused"),
    "request_fulfilled": gettext_lazy("A data request was done"),
    "request_opened": gettext_lazy("A customer asked something of their data"),
    "request_revoked": gettext_lazy("A data request was taken back"),
    "risk_changed": gettext_lazy("A risk was changed"),
    "risk_created": gettext_lazy("A risk was written down"),
    "risk_removed": gettext_lazy("A risk was removed"),
}


def action_words(action: str) -> str:
    """The step in words."""
    return str(ACTIONS.get(action, action.replace("_", " ")))


def event_words(event: str) -> str:
    """The event in words."""
    return str(EVENTS.get(event, event.replace("_", " ")))


def stop_words(stop: AIStop) -> str:
    """How far a stop reaches."""
    if stop.scope == "topic":
        return _("Topic: %(topic)s") % {"topic": topic_words(stop.topic)}
    if stop.scope == "ticket":
        return _("One ticket")
    return _("Everything")
