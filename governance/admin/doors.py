"""What the pages about rules share: who may enter, the version they are about, how a refusal is said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from governance.core.clauses import ClauseError
from governance.models import EthicsPolicy, PolicyStatus
from governance.services import drafts
from helpdesk.admin.base import member_of
from helpdesk.admin.site import site
from helpdesk.errors import HelpdeskError
from helpdesk.people.permissions import can

View = Callable[..., HttpResponse]


def door(view: View, *, read: bool = False, back: str = "") -> Any:
    """Who may write rules, with `read` auditors too; a refusal becomes a message on the page `back`.

    `back` is the name of an address, of the version's own where the view is about one; empty is the list of versions.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = member_of(request)
        if not (can(member, "manage_policy") or (read and can(member, "admin_read"))):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except (HelpdeskError, ClauseError) as error:
            return refused(request, error, _address(back, kwargs))

    return site.admin_view(inner)


def _address(back: str, kwargs: dict[str, Any]) -> str:
    if back and "pk" in kwargs:
        still = EthicsPolicy.objects.filter(pk=kwargs["pk"]).exclude(status=PolicyStatus.REPLACED).exists()
        if still:
            return reverse(back, args=[kwargs["pk"]])
    elif back:
        return reverse(back)
    return reverse("admin:governance_ethicspolicy_changelist")


def refused(request: HttpRequest, error: HelpdeskError | ClauseError, url: str) -> HttpResponse:
    """Say why and what next, there."""
    if isinstance(error, HelpdeskError):
        said = f"{error.message} {error.next_step}"
    else:
        said = " ".join(map(str, error.problems.values()))
    messages.error(request, said.strip())
    return redirect(url)


def draft_of(pk: int) -> EthicsPolicy:
    """The draft. Raises Http404, and Conflict where it is none any more."""
    found = version_of(pk)
    if found.status != PolicyStatus.DRAFT:
        raise drafts.published_already(found)
    return found


def version_of(pk: int) -> EthicsPolicy:
    """Any version. Raises Http404."""
    found = EthicsPolicy.objects.select_related("approver__user", "author__user").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def show(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the admin in `admin/governance/`."""
    shared = {**site.each_context(request), "opts": None}
    return render(request, f"admin/governance/{name}.html", {**shared, **context}, status=status)
