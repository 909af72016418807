"""How this installation is run: transport, debug, age of keys, age of the backup."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import anchors
from governance.core import ledger_hash
from governance.models import LedgerAnchor
from governance.security.found import Finding
from helpdesk.tenancy.scope import current_organization_id

#: Settings of the check, not law.
KEYS_HOLD = timedelta(days=365)
BACKUP_HOLDS = timedelta(days=2)
LEAST_SECRET = 50


def transport() -> Finding:
    """Pages and cookies travel encrypted."""
    if settings.SCHEME != "https":
        said = _("Pages travel without encryption (http).")
        return Finding(
            ok=False, said=said, next_step=_("Set HELPDESK_SCHEME=https behind a proxy with a certificate.")
        )
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS):
        return Finding(
            ok=False, said=_("Cookies may travel without encryption."), next_step=_("Check the settings.")
        )
    return Finding(ok=True, said=_("Pages and cookies travel encrypted only."))


def debug_is_off() -> Finding:
    """Errors tell nothing to strangers, and what signs cookies is long."""
    if settings.DEBUG:
        said = _("Errors show the inside of the program to anybody.")
        return Finding(ok=False, said=said, next_step=_("Remove HELPDESK_DEBUG."))
    if len(settings.SECRET_KEY) < LEAST_SECRET:
        return Finding(
            ok=False, said=_("SECRET_KEY is short."), next_step=_("Set at least 50 random characters.")
        )
    return Finding(ok=True, said=_("Errors tell strangers nothing."))


def keys_are_fresh() -> Finding:
    """Since when the first encryption key signs this organization's record: it is at least as old as that."""
    key = anchors.signing_keys(current_organization_id())[0]
    mine = LedgerAnchor.objects.filter(key_id=ledger_hash.key_id(ledger_hash.public_key(key)))
    since = mine.aggregate(first=Min("created_at"))["first"]
    if since is None:
        return Finding(ok=None, said=_("The age of the keys is not known yet: nothing was signed with them."))
    days = (timezone.now() - since).days
    if timezone.now() - since > KEYS_HOLD:
        said = _("The encryption key is in use for %(n)s days.") % {"n": days}
        return Finding(ok=False, said=said, next_step=_("Put a new key first and run rotate_keys."))
    return Finding(ok=True, said=_("The encryption key is in use for %(n)s days.") % {"n": days})


def backup_is_fresh() -> Finding:
    """The time of the file that the backup job touches; without one nobody here can tell."""
    if not settings.BACKUP_STAMP:
        said = _("Whether there is a backup cannot be told from here.")
        return Finding(
            ok=None,
            said=said,
            next_step=_("Let the backup touch a file and name it in HELPDESK_BACKUP_STAMP."),
        )
    try:
        age = timedelta(seconds=time.time() - Path(settings.BACKUP_STAMP).stat().st_mtime)
    except OSError:
        return Finding(ok=False, said=_("No backup has been made."), next_step=_("Look at the backup job."))
    if age > BACKUP_HOLDS:
        said = _("The newest backup is %(n)s days old.") % {"n": age.days}
        return Finding(ok=False, said=said, next_step=_("Look at the backup job."))
    return Finding(
        ok=True, said=_("The newest backup is %(n)s hours old.") % {"n": int(age.total_seconds() // 3600)}
    )
