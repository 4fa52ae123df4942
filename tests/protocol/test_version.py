"""The version numbers agree with each other wherever they stand."""

import re
import tomllib
from pathlib import Path

import protocol
from protocol.version import BUS_VERSION, LINK_VERSION, PACKAGE_VERSION

ROOT = Path(__file__).parents[2]


def test_the_package_has_the_version_of_the_newest_heading_of_the_changelog() -> None:
    headings = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == PACKAGE_VERSION


def test_the_package_has_the_version_of_its_distribution() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == PACKAGE_VERSION


def test_the_package_head_exports_all_three() -> None:
    assert (protocol.PACKAGE_VERSION, protocol.LINK_VERSION, protocol.BUS_VERSION) == (
        PACKAGE_VERSION,
        LINK_VERSION,
        BUS_VERSION,
    )
