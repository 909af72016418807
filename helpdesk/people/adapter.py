"""allauth at our doors: no open sign-up, members only, mails through our queue, second-factor secrets encrypted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from helpdesk.people.models import Membership
from helpdesk.privacy.crypto import decrypt, encrypt
from helpdesk.tenancy.scope import has_scope


class AccountAdapter(DefaultAccountAdapter):
    """The right password without a membership on this host answers like a wrong one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The user, where the credentials fit and the host's organization knows them; else None."""
        user = super().authenticate(request, **credentials)
        if user is None or not has_scope():
            return None
        if Membership.objects.filter(user_id=user.pk, is_active=True).exists():
            return user
        self.authentication_failed(request, **credentials)
        return None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk."""
        return "/"


class MFAAdapter(DefaultMFAAdapter):
    """Encrypts what allauth would keep in clear; a passkey belongs to the host it was made on."""

    def encrypt(self, text: str) -> str:
        """Ciphertext of a TOTP secret or recovery seed."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Plain text of what `encrypt` wrote."""
        return decrypt(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The relying party: the organization's own host."""
        from allauth.core import context

        host = context.request.get_host().split(":")[0]
        return {"id": host, "name": str(context.request.organization)}
