"""The law's numbers and names: the page, Python and Lua say the same."""

import re
from pathlib import Path

from protocol import regions, version
from protocol.link import framing, messages
from protocol.link.messages import Kind
from tests.lua.machine import SCRIPT_FOLDER, Machine, from_lua

PAGE = (Path(SCRIPT_FOLDER).parent / "protocol" / "README.md").read_text(encoding="utf-8")


def test_kinds(lua: Machine) -> None:
    law = from_lua(lua.require("wire.law"))
    assert law["KIND"] == {kind.name: kind.value for kind in Kind}
    on_the_page = {name: int(number) for number, name in re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", PAGE, re.MULTILINE)}
    assert law["KIND"] == on_the_page


def test_versions(lua: Machine) -> None:
    law = from_lua(lua.require("wire.law"))
    assert law["PROTOCOL"] == version.LINK_VERSION
    assert f"Link protocol version: {law['PROTOCOL']}**" in PAGE
    assert law["SCRIPT"] == version.PACKAGE_VERSION


def test_limits(lua: Machine) -> None:
    law = from_lua(lua.require("wire.law"))
    assert law["MAX_PAYLOAD"] == framing.MAX_PAYLOAD
    assert law["MAX_REGIONS"] == regions.MAX_REGIONS
    assert law["MAX_REGION_BYTES"] == regions.MAX_REGION_BYTES
    assert law["MAX_CHUNK_WORDS"] == regions.MAX_CHUNK_WORDS
    assert law["REGION_NAME"].replace("+", f"{{1,{law['MAX_REGION_NAME']}}}") == f"^{regions.REGION_NAME.pattern}$"
    assert law["MAX_FRAMES_PER_SET"] == regions.MAX_FRAMES_PER_SET
    assert f"| text | {law['MAX_TEXT']:,} bytes |" in PAGE


def test_names(lua: Machine) -> None:
    law = from_lua(lua.require("wire.law"))
    assert law["INTERRUPTIONS"] == list(messages.INTERRUPTIONS)
    assert law["EVENTS"] == list(messages.EVENT_NAMES)
