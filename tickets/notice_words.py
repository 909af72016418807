"""A notice in one sentence, the same on the page and in the mail; it names colleagues and never a customer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.models import Notice, NoticeKind


def sentence(notice: Notice) -> str:
    """What happened. Needs `actor__user`."""
    who = notice.actor.display_name if notice.actor else _("A colleague")
    words = {
        NoticeKind.MENTIONED: _("%(who)s mentions you in a note."),
        NoticeKind.ASSIGNED: _("%(who)s gave you this ticket."),
        NoticeKind.ASKED: _("%(who)s asks for your help."),
        NoticeKind.ANSWERED: _("The customer wrote again."),
        NoticeKind.HELD: _("An answer of yours did not leave."),
        NoticeKind.AI_STOPPED: _("%(who)s stopped the AI."),
    }
    return words[NoticeKind(notice.kind)] % {"who": who}
