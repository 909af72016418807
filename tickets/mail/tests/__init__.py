"""Tests of the pure mail core."""
