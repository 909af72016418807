"""The few errors that services raise; each tells the reader the cause and the next step."""

from __future__ import annotations


class HelpdeskError(Exception):
    """A refusal in the reader's words. `next_step` says what can be done about it."""

    status = 400

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


class NotAllowed(HelpdeskError):
    """The person or program may not do this."""

    status = 403


class Conflict(HelpdeskError):
    """Somebody else was faster, or the thing exists already."""

    status = 409


class InvalidState(HelpdeskError):
    """The thing is not in a state in which this can be done."""

    status = 409
