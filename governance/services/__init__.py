"""Writes of the governance room, one module per subject."""
