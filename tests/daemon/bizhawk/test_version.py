"""Versions of BizHawk."""

import pytest

from daemon.bizhawk.version import Version, is_too_old, parse_version, version_text


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2.10", (2, 10)),
        ("BizHawk 2.11.1", (2, 11, 1)),
        ("2.11.0.0", (2, 11)),
        (" 2.9.1\n", (2, 9, 1)),
        ("GIT master#0123abc", None),
        ("GBAHawk 2.2", None),
        ("2", None),
        ("2.10-rc1", None),
        ("", None),
    ],
)
def test_reads_what_bizhawk_calls_itself(text: str, version: Version | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("version", "too_old"),
    [((2, 9, 1), True), ((1, 13, 2), True), ((2, 10), False), ((2, 10, 1), False), ((2, 11, 1), False), (None, False)],
)
def test_2_10_is_the_first_that_works_and_the_unknown_may_be_tried(version: Version | None, too_old: bool) -> None:
    assert is_too_old(version) is too_old


def test_is_written_as_people_write_it() -> None:
    assert [version_text(version) for version in ((2, 11, 1), (2, 10), None)] == ["2.11.1", "2.10", ""]
