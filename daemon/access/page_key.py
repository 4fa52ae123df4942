"""The key of the live page, drawn by chance when the daemon starts. Shell."""

import secrets

from protocol.bus.page_secret import KEY_BYTES, PageSecret

__all__ = ["new_page_secret"]


def new_page_secret(password: str = "") -> PageSecret:
    """Make the page's secret, with a key that nobody had before.

    Args:
        password: opens the page; empty where only invitations do.

    Raises:
        SettingsError: the password is too short.
    """
    return PageSecret(secrets.token_bytes(KEY_BYTES), password)
