"""allauth at our doors: no open sign-up, members only, mails through our queue, second-factor secrets encrypted."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from helpdesk.people.mail import post_on_commit
from helpdesk.people.models import Membership, User
from helpdesk.privacy.crypto import decrypt, encrypt
from helpdesk.tenancy.scope import has_scope


def is_member(user: Any) -> bool:
    """Whether the user belongs to the host's organization."""
    return has_scope() and Membership.objects.filter(user_id=user.pk, is_active=True).exists()


class AccountAdapter(DefaultAccountAdapter):
    """The right password without a membership on this host answers like a wrong one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The user, where the credentials fit and the host's organization knows them; else None.

        A stranger's right password counts against the limits exactly as a wrong one does.
        """
        self._keep_usage = True
        user = super().authenticate(request, **credentials)
        self._keep_usage = False
        if user is None or not user.is_active or not is_member(user):
            return None
        self._rollback_login_failed_rl_usage()
        return user

    def authenticate_anyone(self, request: HttpRequest, email: str, password: str) -> User | None:
        """The owner of the account, member or not: for accepting an invitation. Same limits."""
        found: User | None = super().authenticate(request, email=email, password=password)
        return found

    def _rollback_login_failed_rl_usage(self) -> None:
        if not getattr(self, "_keep_usage", False):
            super()._rollback_login_failed_rl_usage()

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """The last door, whatever way the person came (password, passkey, reset): members only."""
        if user.is_active and not is_member(user):
            clear_login(request)
            messages.error(request, str(self.error_messages["email_password_mismatch"]))
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through our queue, after the commit."""
        request = allauth_context.request
        known = {"request": request, "email": email, "organization": getattr(request, "organization", None)}
        site = {"current_site": {"name": str(known["organization"] or ""), "domain": request.get_host()}}
        post_on_commit(self.render_mail(template_prefix, email, {**known, **site, **context}))

    def format_email_subject(self, subject: str) -> str:
        """Says whose mail it is."""
        organization = getattr(allauth_context.request, "organization", None)
        return f"{organization}: {subject}" if organization else str(subject)

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

    def get_totp_issuer(self) -> str:
        """What the authenticator app shows."""
        return str(getattr(allauth_context.request, "organization", "Helpdesk"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The relying party: the organization's own host."""
        host = allauth_context.request.get_host().split(":")[0]
        return {"id": host, "name": str(allauth_context.request.organization)}
