"""The admin site, for owners, officers and (reading) auditors; rows are filtered by the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from helpdesk.people.permissions import can

#: The only models that have pages here. Users, second factors, messages and customers never do: they are
#: reached through the desk, by the person they belong to, or not at all.
MODELS = frozenset(
    {
        "aiassist.AIService",
        "governance.AIDecision",
        "governance.AIStop",
        "governance.AISystem",
        "governance.BiasAudit",
        "governance.Certificate",
        "governance.Change",
        "governance.Consent",
        "governance.Course",
        "governance.DataRequest",
        "governance.EthicsPolicy",
        "governance.Finding",
        "governance.Incident",
        "governance.LedgerEntry",
        "governance.Paper",
        "governance.Record",
        "governance.Risk",
        "governance.Vendor",
        "people.Membership",
        "tickets.Article",
        "tickets.CannedReply",
        "tickets.Inbox",
    }
)
#: The theme ships Alpine (evaluates expressions) and inline styles; nowhere else is either allowed.
_THEME_NEEDS = {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}
#: Django's own views that lead to global tables.
_NO_VIEWS = frozenset({"view_on_site"})


class HelpdeskAdminSite(UnfoldAdminSite):
    """One site; the organization comes from the host."""

    enable_nav_sidebar = True
    index_title = _("Home")

    def has_permission(self, request: HttpRequest) -> bool:
        """Asks the membership; is_staff and is_superuser mean nothing."""
        member = getattr(request, "member", None)
        return can(member, "admin") or can(member, "admin_read")

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """Registers a model of the allow-list. Raises ImproperlyConfigured for any other."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        for model in models:
            if model._meta.label not in MODELS:
                raise ImproperlyConfigured(f"{model._meta.label} may not have pages in the admin.")
        super().register(models, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:  # noqa: FBT001, FBT002 - Django's signature
        """Django's guard, with the one exception to the content policy."""
        relaxed: Callable[..., Any] = csp_update(_THEME_NEEDS)(super().admin_view(view, cacheable))
        return relaxed

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's, without the views that lead to global tables."""
        return [one for one in super().get_urls() if getattr(one, "name", "") not in _NO_VIEWS]

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One sign-in page for the house; a member who may not enter is told so."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=False):
            wanted = reverse("admin:index")
        if getattr(request, "member", None) is None:
            return redirect_to_login(wanted, reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(wanted)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sign out (by POST) and back to the sign-in page."""
        if request.method == "POST":
            logout(request)
            return redirect("account_login")
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The house's own page."""
        return redirect("account_change_password")


site = HelpdeskAdminSite(name="admin")
site.disable_action("delete_selected")
