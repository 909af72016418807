"""Token authentication: `Authorization: Bearer <token>`; the host names the organization, the token the member."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from helpdesk.people.models import ApiToken


class TokenAuthentication(authentication.BaseAuthentication):
    """A token acts for its member, and can never approve."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """The member's user and the token; None where no token was sent; 401 for a wrong one."""
        header = authentication.get_authorization_header(request).split()
        if not header or header[0].lower() != b"bearer":
            return None
        if len(header) != 2:
            raise exceptions.AuthenticationFailed("Send the token as: Authorization: Bearer <token>.")
        return self._check(request, header[1])

    def _check(self, request: Request, secret: bytes) -> tuple[Any, ApiToken]:
        digest = hashlib.sha256(secret).hexdigest()
        tokens = ApiToken.objects.select_related("membership__user")
        token = tokens.filter(token_hash=digest, revoked_at=None, membership__is_active=True).first()
        if token is None:
            raise exceptions.AuthenticationFailed(
                "This token is not known here. Whoever runs the installation can make a new one."
            )
        today = timezone.now().date()
        if token.last_used_on != today:
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
        request._request.member = token.membership  # type: ignore[attr-defined]  # noqa: SLF001
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing sign-in a 401."""
        return self.keyword
