"""Celery tasks of the portal's shell: the mail with the sign-in link."""

from __future__ import annotations

from celery import shared_task

from helpdesk.portal import services
from helpdesk.privacy.crypto import decrypt
from helpdesk.tenancy.scope import organization_scope
from helpdesk.tenancy.tasks import TwoScopeTask


@shared_task(base=TwoScopeTask, name="portal.send_link", autoretry_for=(OSError,), max_retries=3)
def send_link(*, organization_id: str, sealed_address: str, language: str) -> None:
    """Mail a link, if the address is known. Whether it is, is found out here and not in the request:
    the page takes the same time for everybody. Run twice it sends two links; each works once."""
    with organization_scope(organization_id):
        message = services.sign_in_mail(decrypt(sealed_address), language)
    if message is not None:
        message.send()
