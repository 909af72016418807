"""The product's settings with one more page: the empty one that all others are compared with."""

from __future__ import annotations

from helpdesk.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
