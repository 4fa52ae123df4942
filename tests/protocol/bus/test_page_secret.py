"""Secret of the page's process, on its standard input."""

import pytest

from protocol.bus.page_secret import PageSecret
from protocol.errors import SettingsError


def test_it_comes_through_one_line() -> None:
    secret = PageSecret(bytes(range(32)), 'correct "horse"\n ü', "secret of the bus")
    line = secret.as_line()
    assert "\n" not in line
    assert PageSecret.from_line(line) == secret


def test_it_does_not_show_itself() -> None:
    secret = PageSecret(bytes(range(32)), "correct horse", "secret of the bus")
    assert "horse" not in repr(secret)
    assert "bus" not in repr(secret).replace("bus=", "")
    assert secret.key.hex() not in repr(secret)


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"key": "zz", "password": ""}', '{"key": 1, "password": ""}', "x"])
def test_another_line_is_none(line: str) -> None:
    with pytest.raises(SettingsError, match="as the daemon writes it"):
        PageSecret.from_line(line)
