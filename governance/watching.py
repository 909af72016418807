"""What the product looks at by itself several times a day: figures of risks, complaints, and checks that are due."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance import indicators, signals
from governance.models import BiasAudit
from governance.services import audits

#: The check of waiting times is run again after this time, or sooner by its button.
WAITING_EVERY = timedelta(days=30)


def run() -> None:
    """Look at everything once. Run twice it does nothing the second time."""
    indicators.run()
    signals.look_at_complaints()
    since = timezone.now() - WAITING_EVERY
    if not BiasAudit.objects.filter(key="waiting", created_at__gte=since).exists():
        audits.check_waiting()
