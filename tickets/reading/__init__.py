"""From a text, a file or a page to proposed articles: pure functions, run in a process of their own."""

from __future__ import annotations
