"""The mail that tells the team of a version that is open for comments."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.difference import changed_rules, version_before
from governance.models import EthicsPolicy
from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Membership
from helpdesk.tenancy.hosts import base_url
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.scope import current_organization_id


def tell(*, policy: EthicsPolicy, member: Membership) -> None:
    """Mail everybody on the team but `member`, after the commit: what changes, until when, where to say something."""
    organization = Organization.objects.get(pk=current_organization_id())
    others = Membership.objects.filter(is_active=True).exclude(pk=member.pk).select_related("user")
    with translation.override(organization.language):
        subject, body = _words(policy, organization)
    for one in others:
        post_on_commit(EmailMessage(subject=subject, body=body, to=[one.user.email]))


def _words(policy: EthicsPolicy, organization: Organization) -> tuple[str, str]:
    until = timezone.localtime(policy.round_closes_at)
    before = version_before(policy)
    changed = changed_rules(before, policy) if before else []
    values = {"shop": organization.name, "version": policy.version}
    lines = [
        _("The rules for the AI are about to change. You can say what you think until %(day)s.")
        % {"day": date_format(until, "DATETIME_FORMAT")},
        "",
        *([policy.summary.strip(), ""] if policy.summary.strip() else []),
        *(f"- {one.label}: {one.after}" for one in changed),
        "",
        base_url(organization) + reverse("rules"),
        "",
        _("Each comment gets an answer before the version counts."),
    ]
    return _("%(shop)s: version %(version)s of the rules is open for comments") % values, "\n".join(lines)
