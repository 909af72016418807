"""App configuration of the aiassist room."""

from __future__ import annotations

from django.apps import AppConfig


class AIAssistConfig(AppConfig):
    name = "aiassist"
    label = "aiassist"
