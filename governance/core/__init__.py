"""The law as pure functions: facts in, judgement out; no database, no clock, no network."""
