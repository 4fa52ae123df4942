"""The text on the emulator's screen."""

from tests.lua.machine import Machine


def test_a_notice_stands_beside_the_rest_for_a_moment(lua: Machine) -> None:
    caption = lua.require("scan.caption")[b"new"]()

    def text(standing: bytes) -> bytes:
        shown: bytes = caption[b"text"](caption, standing)
        return shown

    assert text(b"") == b""
    assert text(b"battle") == b"battle"
    caption[b"notice"](caption, b"mark boss")
    assert text(b"battle") == b"battle [mark boss]"
    assert {text(b"") for _ in range(89)} == {b"[mark boss]"}
    assert text(b"") == b""
