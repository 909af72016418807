"""The services of `make run` and `make test`: PostgreSQL and Valkey from packages, and their supervisor."""
