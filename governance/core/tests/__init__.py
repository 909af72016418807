"""Tests of the law: tables tight on both sides, mutants, and random cases by the hundred thousand."""

from __future__ import annotations
