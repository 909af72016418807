"""The law as data: the pack that comes with a release, and what an organization made of it."""
