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
    "reuse": gettext_lazy("learn from a request"),
    "evaluate": gettext_lazy("test itself"),
    "self_service": gettext_lazy("look for an answer on the help pages"),
    "answer": gettext_lazy("answer on the help pages"),
}
SUBJECTS = {
    "": gettext_lazy("in general"),
    "message": gettext_lazy("message"),
    "ticket": gettext_lazy("ticket"),
    "index": gettext_lazy("your articles"),
    "evaluation": gettext_lazy("invented customers"),
    "practice": gettext_lazy("practice"),
    "assistant": gettext_lazy("question on the help pages"),
}
EVENTS = {
    "ai_allowed": gettext_lazy("The AI was allowed to do something"),
    "ai_stopped": gettext_lazy("A rule stopped the AI"),
    "colleague_forgotten": gettext_lazy("A colleague who had left was forgotten"),
    "rights_changed": gettext_lazy("Somebody may do something else from now on"),
    "ai_service_removed": gettext_lazy("An AI service was removed"),
    "ai_service_saved": gettext_lazy("An AI service was set up or changed"),
    "ai_stop_started": gettext_lazy("Somebody stopped the AI"),
    "ai_stop_lifted": gettext_lazy("Somebody started the AI again"),
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
    "ai_service_used": gettext_lazy("An AI service was switched on"),
    "ai_service_left": gettext_lazy("The built-in assistant took over again"),
    "law_updated": gettext_lazy("The list of laws was brought up to date"),
    "learned_forgotten": gettext_lazy("What the AI had learned was forgotten"),
    "learned_taken_back": gettext_lazy("Something that the AI had learned was taken back"),
    "override_made": gettext_lazy("An exception was made"),
    "override_ended": gettext_lazy("An exception was ended"),
    "policy_approved": gettext_lazy("Rules were approved"),
    "policy_commented": gettext_lazy("Somebody commented on the rules"),
    "policy_proposed": gettext_lazy("Rules were opened for comments"),
    "policy_read": gettext_lazy("Somebody has read the rules"),
    "policy_renewed": gettext_lazy("The rules were found still right"),
    "policy_scheduled": gettext_lazy("Rules were set to count from a day on"),
    "policy_taken_back": gettext_lazy("Rules were taken back"),
    "requests_deleted": gettext_lazy("Solved requests were deleted after their time"),
    "second_look": gettext_lazy("A colleague took a second look"),
    "security_checked": gettext_lazy("The product checked its security"),
    "signing_key_changed": gettext_lazy("The key that signs the record was changed"),
    "version_accepted": gettext_lazy("A version of an AI was accepted with the rules"),
    "version_approved": gettext_lazy("A version of an AI was approved"),
    "version_registered": gettext_lazy("A version of an AI was put on record"),
    "version_retired": gettext_lazy("A version of an AI was taken out of use"),
    "version_tested": gettext_lazy("A version of an AI was tested"),
}
#: Entries of a register: what it is, and what was done with it.
KINDS = {
    "risk": gettext_lazy("A risk"),
    "audit": gettext_lazy("A fairness check"),
    "system": gettext_lazy("An AI system"),
    "vendor": gettext_lazy("An AI service"),
    "incident": gettext_lazy("An incident"),
    "finding": gettext_lazy("A finding"),
    "change": gettext_lazy("A change after feedback"),
    "course": gettext_lazy("A course"),
    "record": gettext_lazy("A record"),
    "law_task": gettext_lazy("A task from a change of law"),
}
DONE = {
    "created": gettext_lazy("%(what)s was written down"),
    "changed": gettext_lazy("%(what)s was changed"),
    "removed": gettext_lazy("%(what)s was removed"),
    "renewed": gettext_lazy("%(what)s was found still right"),
}


def action_words(action: str) -> str:
    """The step in words."""
    return str(ACTIONS.get(action, action.replace("_", " ")))


def event_words(event: str) -> str:
    """The event in words."""
    if event in EVENTS:
        return str(EVENTS[event])
    kind, _sep, done = event.rpartition("_")
    if kind in KINDS and done in DONE:
        return str(DONE[done]) % {"what": KINDS[kind]}
    return event.replace("_", " ").capitalize()


def stop_words(stop: AIStop) -> str:
    """How far a stop reaches."""
    if stop.scope == "topic":
        return _("Topic: %(topic)s") % {"topic": topic_words(stop.topic)}
    if stop.scope == "ticket":
        return _("One ticket")
    return _("Everything")
