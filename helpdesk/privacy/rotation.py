"""Write every stored secret anew under the first key: organization by organization, and second factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from helpdesk.privacy.crypto import EncryptedTextField, rotate
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.operations import is_tenant_owned
from helpdesk.tenancy.scope import organization_scope

#: What allauth keeps in `Authenticator.data` through our adapter's encrypt().
MFA_SECRETS = ("secret", "seed", "migrated_codes")


def encrypted_fields() -> list[tuple[type[models.Model], list[str]]]:
    """Every model with secrets, and their fields."""
    found = []
    for model in apps.get_models():
        names = [one.name for one in model._meta.concrete_fields if isinstance(one, EncryptedTextField)]
        if names:
            found.append((model, names))
    return found


def rotate_keys() -> int:
    """Re-encrypt everything; returns how many values were written. Each organization is its own transaction, so a
    run that is cut can be started again. Raises InvalidToken where a value fits no known key."""
    count = _rotate_second_factors()
    for organization_id in Organization.objects.order_by("pk").values_list("pk", flat=True):
        with organization_scope(organization_id):
            for model, names in encrypted_fields():
                if is_tenant_owned(model):
                    count += _rotate_model(model, names)
    return count


def _rotate_model(model: type[models.Model], names: list[str]) -> int:
    """Read and write the ciphertext itself: nothing is decrypted into a model instance."""
    count = 0
    raw = {f"raw_{name}": _raw(name) for name in names}
    for row in model._default_manager.annotate(**raw).select_for_update().values("pk", *raw):
        changed = {name: rotate(row[f"raw_{name}"]) for name in names if row[f"raw_{name}"]}
        if changed:
            _write(model, row["pk"], changed)
            count += len(changed)
    return count


def _raw(name: str) -> models.Func:
    return models.Func(models.F(name), template="(%(expressions)s)::text", output_field=models.TextField())


def _write(model: type[models.Model], pk: Any, changed: dict[str, str]) -> None:
    # As expressions: a plain value would be encrypted once more on its way in.
    values = {name: models.Value(text, output_field=models.TextField()) for name, text in changed.items()}
    model._default_manager.filter(pk=pk).update(**values)


@transaction.atomic
def _rotate_second_factors() -> int:
    count = 0
    for one in Authenticator.objects.select_for_update().order_by("pk"):
        changed = {name: _each(one.data[name], rotate) for name in MFA_SECRETS if one.data.get(name)}
        if changed:
            one.data = {**one.data, **changed}
            one.save(update_fields=["data"])
            count += len(changed)
    return count


def _each(value: Any, change: Callable[[str], str]) -> Any:
    return [change(one) for one in value] if isinstance(value, list) else change(str(value))
