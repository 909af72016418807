"""Forms of the people room."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpdesk.people.models import Membership, Role, User
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.zones import zones


class InviteForm(forms.Form):
    """Who to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)


class RoleForm(forms.Form):
    """A member's role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class ShopForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a shop is called, what it does, and where and in which language it works."""

    class Meta:
        model = Organization
        fields = ["name", "kind", "language", "timezone"]
        labels = {
            "name": _("Name of your shop"),
            "language": _("Language of your desk"),
            "timezone": _("Time zone"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of your desk"), choices=settings.LANGUAGES
        )
        self.fields["timezone"] = forms.ChoiceField(label=_("Time zone"), choices=zones())


class KeyForm(forms.Form):
    """How a program's key is called."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class AddressForm(forms.Form):
    """A host of one's own."""

    host = forms.CharField(
        label=_("Address"),
        max_length=253,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "placeholder": "help.your-shop.com"}
        ),
    )


class JoinForm(forms.Form):
    """A new person's name and password."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 8 characters; a few words in a row are easy to keep."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The password is measured against the person's name and address, too."""
        cleaned = super().clean() or {}
        user = User(email=self.email, name=cleaned.get("name", ""))
        if password := cleaned.get("password"):
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ProveForm(forms.Form):
    """The password of an account that exists already."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProfileForm(forms.Form):
    """A member's own names."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    work_name = forms.CharField(
        label=_("Name customers see"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty to use your name. It stands under every answer you send."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class _SaidOnce(forms.Form):
    """What allauth's forms call their fields, in our words; no placeholder says again what the label says."""

    names = {
        "oldpassword": _("Password now"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.names.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_SaidOnce, LoginForm):
    """Address and password."""


class NewPasswordForm(_SaidOnce, ChangePasswordForm):
    """A new password, by who knows the one in force."""


class MailedPasswordForm(_SaidOnce, ResetPasswordKeyForm):
    """A new password, by who got the mailed link."""


class AgainForm(_SaidOnce, ReauthenticateForm):
    """The password once more, before something that only its owner may do."""


class MembersResetPasswordForm(_SaidOnce, ResetPasswordForm):
    """Mails a link only to members of this host's organization; the page answers the same for everyone."""

    users: list[User]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        members = Membership.objects.filter(user__in=self.users, is_active=True)
        known = set(members.values_list("user_id", flat=True))
        self.users = [user for user in self.users if user.pk in known]
        return email
