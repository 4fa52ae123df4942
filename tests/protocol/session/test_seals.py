"""Seals in metadata and labels, which prove the other files."""

import json
from contextlib import suppress

import pytest

from protocol.errors import DocumentError
from protocol.session.seals import (
    LabelSeal,
    Seal,
    check_fits,
    checked_metadata,
    label_seal_json,
    parse_label_seal,
    parse_seal,
    renamed_metadata,
)

METADATA = b'{"session_id": "evening", "created_timestamp": 1753996829.216, "game_name": "D\xc3\xa9mo"}'
SEAL = Seal("aa", "", "cc", {"rejected_rows.csv": "DD"})


def test_metadata_are_what_they_were_and_a_check() -> None:
    written = checked_metadata(METADATA)
    document = json.loads(written)
    assert len(document.pop("check")) == 64
    assert document == json.loads(METADATA)
    assert (check_fits(written), parse_seal(written)) == (True, None)
    assert checked_metadata(written) == written


def test_a_seal_comes_back_and_stays_when_the_session_is_renamed() -> None:
    written = checked_metadata(METADATA, SEAL)
    renamed = renamed_metadata(written, "night")
    assert parse_seal(written) == parse_seal(renamed) == SEAL
    assert check_fits(renamed)
    assert (json.loads(renamed)["session_id"], json.loads(renamed)["is_custom_name"]) == ("night", True)


def test_a_new_name_mends_no_damage_and_gives_no_check_to_an_early_session() -> None:
    damaged = checked_metadata(METADATA).replace(b"evening", b"evenink")
    assert not check_fits(renamed_metadata(damaged, "night"))
    assert check_fits(renamed_metadata(METADATA, "night")) is None


def test_no_byte_of_metadata_can_be_changed() -> None:
    written = checked_metadata(METADATA, SEAL)
    for at in range(len(written)):
        assert not check_fits(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
    assert check_fits(written + b"\n") is None


def test_a_seal_of_another_kind_is_said() -> None:
    with pytest.raises(DocumentError):
        parse_seal(b'{"seal": {"events": ""}}')


@pytest.mark.parametrize("seal", [LabelSeal("aa"), LabelSeal("", "bb")])
def test_a_seal_of_labels_comes_back_and_no_byte_of_it_can_be_changed(seal: LabelSeal) -> None:
    written = label_seal_json(seal)
    assert parse_label_seal(written) == seal
    for at in range(len(written)):
        changed = written[:at] + b" " + written[at + 1 :]
        with suppress(DocumentError):
            assert parse_label_seal(changed) != seal
