"""The specification's numbers and names: the page, Python and Lua say the same."""

import re
from pathlib import Path

from protocol import regions, version
from protocol.link import framing, messages
from protocol.link.messages import Kind
from tests.lua.machine import SCRIPT_FOLDER, Machine, from_lua

PAGE = (Path(SCRIPT_FOLDER).parent / "protocol" / "README.md").read_text(encoding="utf-8")


def test_kinds(lua: Machine) -> None:
    spec = from_lua(lua.require("wire.spec"))
    assert spec["KIND"] == {kind.name: kind.value for kind in Kind}
    on_the_page = {name: int(number) for number, name in re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", PAGE, re.MULTILINE)}
    assert spec["KIND"] == on_the_page


def test_versions(lua: Machine) -> None:
    spec = from_lua(lua.require("wire.spec"))
    assert spec["PROTOCOL"] == version.LINK_VERSION
    assert f"Link protocol version: {spec['PROTOCOL']}**" in PAGE
    assert spec["SCRIPT"] == version.PACKAGE_VERSION


def test_limits(lua: Machine) -> None:
    spec = from_lua(lua.require("wire.spec"))
    assert spec["MAX_PAYLOAD"] == framing.MAX_PAYLOAD
    assert spec["MAX_REGIONS"] == regions.MAX_REGIONS
    assert spec["MAX_REGION_BYTES"] == regions.MAX_REGION_BYTES
    assert spec["MAX_CHUNK_WORDS"] == regions.MAX_CHUNK_WORDS
    assert spec["REGION_NAME"].replace("+", f"{{1,{spec['MAX_REGION_NAME']}}}") == f"^{regions.REGION_NAME.pattern}$"
    assert spec["MAX_FRAMES_PER_SET"] == regions.MAX_FRAMES_PER_SET
    assert f"| text | {spec['MAX_TEXT']:,} bytes |" in PAGE


def test_the_type_of_events_lists_them() -> None:
    source = (Path(SCRIPT_FOLDER) / "types" / "messages.lua").read_text(encoding="utf-8")
    assert re.findall(r'^---\| "(\w+)"', source, re.MULTILINE) == list(messages.EVENT_NAMES)


def test_the_type_of_interruptions_lists_them() -> None:
    source = (Path(SCRIPT_FOLDER) / "wire" / "spec.lua").read_text(encoding="utf-8")
    assert re.findall(r'\|"(\w+)"', source) == list(messages.INTERRUPTIONS)
