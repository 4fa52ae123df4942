"""The bulk reader's comparison of two images, at every size around the blocks'."""

import struct
from random import Random

import pytest

from tests.lua.machine import Machine
from tests.lua.scan.memory import changes_between


@pytest.mark.parametrize("words", [1, 2, 3, 63, 64, 65, 66, 127, 128, 129, 1636, 13_108])
def test_sizes_around_blocks(lua: Machine, words: int) -> None:
    dice = Random(words)
    before = [dice.getrandbits(32) for _ in range(words)]
    image = lua.require("scan.bulk")[b"image"](struct.pack(f"<{words}I", *before))
    columns = lua.to_lua({"gaps": [], "current": [], "previous": []})
    for density in (0.0, 0.01, 0.3, 1.0):
        now = [dice.getrandbits(32) if dice.random() < density else word for word in before]
        now[-1] ^= 0x8000_0000
        count = image[b"update"](image, struct.pack(f"<{words}I", *now), columns)
        expected = changes_between(before, now)
        assert count == len(expected)
        assert [columns[b"current"][i + 1] for i in range(count)] == [value for _, value, _ in expected]
        assert [columns[b"previous"][i + 1] for i in range(count)] == [value for _, _, value in expected]
        assert sum(columns[b"gaps"][i + 1] for i in range(count)) == words - 1
        before = now


def test_an_equal_image_has_no_changes(lua: Machine) -> None:
    image = lua.require("scan.bulk")[b"image"](b"abcd" * 100)
    assert image[b"update"](image, b"abcd" * 100, lua.to_lua({})) == 0
