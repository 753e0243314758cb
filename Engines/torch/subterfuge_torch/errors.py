"""The one error that a user can cause."""


class RequestError(Exception):
    """A mistake in a request or its files: what is wrong, where, and what to do."""
