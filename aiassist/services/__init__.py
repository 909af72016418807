"""Writes of the AI room, one module per subject."""
