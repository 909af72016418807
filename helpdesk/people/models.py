"""People: those who work here (User, Membership, Invitation, ApiToken) and those who write to us (Customer)."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import TenantForeignKey, TenantOwned


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who can sign in once a Membership exists; without a password only by a link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. Global: one may work for two organizations; what they may do is in Membership."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")), name="user_email_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, for the theme's menu."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """Means nothing here: the admin asks Membership."""
        return False


class Role(models.TextChoices):
    """What a member may do, in words."""

    OWNER = "owner", _("Owner")
    AGENT = "agent", _("Agent")
    OFFICER = "officer", _("Ethics officer")
    AUDITOR = "auditor", _("Auditor (reads only)")


#: Addresses of those who were forgotten: no mail goes there, and nobody can own one (RFC 2606).
NOWHERE = "@former.invalid"


class Membership(TenantOwned):
    """A user's place in one organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.AGENT)
    work_name = models.CharField(_("name customers see"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    gets_weekly_mail = models.BooleanField(_("gets the weekly mail"), default=True)
    told = models.JSONField(
        default=dict, blank=True
    )  # how the member wants to be told; see notice_choices.py
    tour_step = models.PositiveSmallIntegerField(default=0)  # where the first-minute tour was left
    tour_ended_at = models.DateTimeField(null=True, blank=True)  # taken or skipped: not offered again
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_per_user")
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody named is behind it any more (`forgetting.forget`). Needs `user`."""
        return self.user.email.endswith(NOWHERE)

    @property
    def display_name(self) -> str:
        """The registered work name, or the person's name."""
        return self.work_name or str(self.user)


class Invitation(TenantOwned):
    """An invitation by mail; only the hash of its token is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role, default=Role.AGENT)
    token_hash = models.CharField(max_length=64)
    invited_by = TenantForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    inbox_ids = models.JSONField(default=list, blank=True)  # what an agent sees from the first minute on

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "token_hash"], name="invitation_token_is_unique")
        ]

    def __str__(self) -> str:
        return self.email


class ApiToken(TenantOwned):
    """A program's key to the API: it acts for a member, never approves, and only its hash is kept."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "token_hash"], name="api_token_is_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Customer(TenantOwned):
    """Someone who wrote to the organization. `reference` is the pseudonym that outlives an erasure."""

    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    reference = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "reference"], name="customer_reference_is_unique")
        ]

    def __str__(self) -> str:
        return self.name or str(_("Customer without a name"))

    @property
    def is_erased(self) -> bool:
        """Whether the customer's data was deleted on request."""
        return self.erased_at is not None


class CustomerAddress(TenantOwned):
    """An address a customer writes from: normalised, so that `=` can use the index under row-level security."""

    customer = TenantForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "address"], name="customer_address_is_unique"),
            models.CheckConstraint(
                condition=models.Q(address=models.functions.Lower("address")),
                name="customer_address_is_lower_case",
            ),
        ]
        indexes = [models.Index(fields=["organization", "customer"], name="address_by_customer")]

    def __str__(self) -> str:
        return self.address


class CustomerLink(TenantOwned):
    """A one-time sign-in link to the portal; only the hash of its token is kept."""

    customer = TenantForeignKey(Customer, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "token_hash"], name="customer_link_is_unique")
        ]
        indexes = [models.Index(fields=["organization", "customer"], name="link_by_customer")]

    def __str__(self) -> str:
        return f"link {self.pk}"


class HandOver(TenantOwned):
    """Takes a person who signed up on the bare host to the new desk, once; only the hash of its token is kept."""

    membership = TenantForeignKey(Membership, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "token_hash"], name="hand_over_is_unique")
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class AgreementAcceptance(TenantOwned):
    """Who accepted which text of the processing agreement, and when. The table only grows (a trigger)."""

    version = models.CharField(max_length=64)  # SHA-256 of the text
    text = models.TextField()
    operator = models.CharField(max_length=200)
    accepted_by = TenantForeignKey(Membership, on_delete=models.PROTECT)
    accepted_name = models.CharField(max_length=320)
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="agreement_newest_first")]

    def __str__(self) -> str:
        return f"{self.version[:12]}, {self.accepted_name}"


class FirstDay(TenantOwned):
    """How far an owner came in the set-up; a closed browser loses nothing."""

    screen = models.CharField(max_length=20, blank=True)
    skipped = models.JSONField(default=list, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_first_day")]

    def __str__(self) -> str:
        return self.screen


class WeeklyMail(TenantOwned):
    """The weekly mail of one week went out: this row is what keeps it from going twice."""

    week = models.DateField()  # the Monday it was written on
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "week"], name="one_weekly_mail_a_week")
        ]

    def __str__(self) -> str:
        return str(self.week)
