"""The benchmark: fills throw-away services with tickets, drives the real web server, counts what each page costs."""

from __future__ import annotations
