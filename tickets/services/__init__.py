"""Writes of the tickets room: one verb each, keyword-only, in a transaction of its own."""
