"""Ask or object, on the trust page: without sign-in, without script, with a trap for programs and a limit per place."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from governance.services import outside
from helpdesk.portal import limits
from helpdesk.portal.doors import page
from helpdesk.tenancy.middleware import organization_id_of

HOUR = 60 * 60
#: One place may ask this often in an hour, and all places together this often in a day.
MOST_OF_ONE, MOST_OF_ALL = 5, 200


class AskForm(forms.Form):
    """What somebody outside wants to know or does not want."""

    about = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            ("question", gettext_lazy("A question")),
            ("objection", gettext_lazy("I object to something")),
        ],
        initial="question",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What do you want to know, or what do you object to?"),
        min_length=3,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    contact = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        required=False,
        max_length=320,
        help_text=gettext_lazy("Only for our answer. Without it we can answer on this page only."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    may_publish = forms.BooleanField(
        label=gettext_lazy("You may show the answer on this page, with the question in our words."),
        required=False,
    )
    #: Nobody sees this field; what is filled in here was filled in by a program.
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form. Whoever fills the trap is thanked like everybody else, and nothing is kept."""
    organization_id_of(request)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _too_often(request):
            form.add_error(None, _("Too many from here in an hour. Please come back later."))
            return page(request, "public/ask.html", {"form": form}, status=429)
        if not form.cleaned_data["website"]:
            _keep(form)
        return page(request, "public/ask_done.html", {"days": outside.ANSWER_WITHIN.days})
    return page(request, "public/ask.html", {"form": form}, status=422 if form.errors else 200)


def _too_often(request: HttpRequest) -> bool:
    organization_id, place = organization_id_of(request), limits.client_ip(request)
    if limits.too_often(organization_id, "ask-place", place, most=MOST_OF_ONE, seconds=HOUR):
        return True
    return limits.too_often(organization_id, "ask-all", "", most=MOST_OF_ALL, seconds=24 * HOUR)


def _keep(form: AskForm) -> None:
    said = form.cleaned_data
    outside.take(
        about=said["about"],
        text=said["text"],
        contact=said["contact"],
        may_publish=said["may_publish"],
        language=get_language() or "",
    )
