"""Files of a message that is being written: kept beside the ticket until it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from helpdesk.errors import InvalidState, NotAllowed
from helpdesk.people.models import Membership
from helpdesk.people.permissions import can
from tickets.mail.files import safe_name
from tickets.models import Attachment, Ticket

MOST_FILES = 20


@transaction.atomic
def attach(*, ticket: Ticket, member: Membership, files: Iterable[UploadedFile]) -> list[Attachment]:
    """Keep the files. Raises InvalidState for too many or too large ones: then none is kept."""
    if not can(member, "work", ticket):
        raise NotAllowed(_("You can read this ticket, but not answer it."))
    files = list(files)
    waiting = Attachment.objects.filter(ticket=ticket, message=None, uploaded_by=member)
    sizes = list(waiting.values_list("size", flat=True))
    if len(sizes) + len(files) > MOST_FILES:
        raise InvalidState(_("At most %(most)s files, please.") % {"most": MOST_FILES})
    if sum(sizes) + sum(one.size or 0 for one in files) > settings.MAX_ATTACHMENT_BYTES:
        most = filesizeformat(settings.MAX_ATTACHMENT_BYTES)
        raise InvalidState(
            _("The files together are larger than %(most)s, more than mail servers take.") % {"most": most},
            next_step=_("Send fewer, or a link to them."),
        )
    return [_keep(ticket, member, file) for file in files]


def _keep(ticket: Ticket, member: Membership, file: UploadedFile) -> Attachment:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    content_type = (file.content_type or "application/octet-stream")[:120]
    return Attachment.objects.create(
        ticket=ticket,
        uploaded_by=member,
        name=safe_name(file.name or "", content_type),
        content_type=content_type,
        size=file.size or 0,
        sha256=digest.hexdigest(),
        file=file,
    )


@transaction.atomic
def remove(*, ticket: Ticket, member: Membership, pk: int) -> None:
    """Take back a file that was not sent; one that is gone is no error."""
    found = Attachment.objects.filter(pk=pk, ticket=ticket, message=None, uploaded_by=member).first()
    if found is not None:
        file = found.file
        found.delete()
        transaction.on_commit(lambda: file.delete(save=False), robust=True)
