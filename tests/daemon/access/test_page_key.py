import pytest

from daemon.access.page_key import new_page_secret
from protocol.bus.page_secret import KEY_BYTES
from protocol.errors import SettingsError


def test_every_daemon_has_another_key() -> None:
    assert len(new_page_secret().key) == KEY_BYTES
    assert new_page_secret().key != new_page_secret().key


def test_the_password_goes_with_it() -> None:
    assert new_page_secret("correct horse").password == "correct horse"
    with pytest.raises(SettingsError, match="at least"):
        new_page_secret("short")
