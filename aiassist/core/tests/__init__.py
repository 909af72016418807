"""Tests of the AI core; none of them needs a database."""
