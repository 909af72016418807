"""Mail as pure functions: bytes in, facts out; text in, bytes out. Nothing here knows the database."""
