"""Reads of the tickets room: one module per screen, each with as few queries as it can."""
