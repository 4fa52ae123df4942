import json
from collections.abc import Sequence

from daemon.exporting.card import dataset_card
from daemon.exporting.options import DatasetOptions
from daemon.names.named_address import NamedAddress, Scale

COUNTS = {
    "frame_sets": 2000,
    "whole": 1990,
    "episodes": 3,
    "labelled": 500,
    "complete": 100,
    "changes": {"iwram": 12_345},
    "splits": {"train": 2000},
    "label_values": {"context": {"battle | boss": 400, "<b>": 100}, "action": {}, "intent": {}, "outcome": {}},
}


def card(variables: Sequence[NamedAddress] = (), **options: str) -> tuple[dict[str, object], str]:
    chosen = DatasetOptions(**options)  # type: ignore[arg-type]
    text = dataset_card(["Tiny Game"], [COUNTS, COUNTS], ["train"], ["A", "B"], variables, chosen).decode()
    _, head, body = text.split("---\n", 2)
    return {key: json.loads(value) for key, value in (line.split(": ", 1) for line in head.splitlines())}, body


def test_the_head_names_the_files_of_the_splits() -> None:
    head, _ = card()
    assert head["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data/train/*.parquet"}]}
    ]
    assert head["license"] == "other"
    assert head["size_categories"] == ["1K<n<10K"]


def test_the_body_counts_and_leaves_the_licence_to_be_filled_in() -> None:
    _, body = card()
    assert "| frame sets | 4,000 |" in body
    assert "| of them labelled | 1,000 (25%) |" in body
    assert "| memory changes in `iwram` | 24,690 |" in body
    assert "**to be filled in** (and in the head of this file" in body


def test_label_values_do_not_break_the_table() -> None:
    _, body = card()
    assert "| battle \\| boss | 800 |" in body
    assert "| &lt;b> | 200 |" in body


def test_title_licence_and_label_set_are_taken_over() -> None:
    head, body = card(title="My play", licence="cc-by-4.0", label_set="default 1")
    assert head["pretty_name"] == "My play"
    assert head["license"] == "cc-by-4.0"
    assert "Licence of the recordings: cc-by-4.0." in body
    assert "label set default 1" in body


def test_variables_are_listed_with_type_and_unit() -> None:
    hp = NamedAddress(
        "hp", 0x0300_0010, "u16", Scale(unit="HP"), values={0: "dead"}, bits={3: "low | full"}, note="hit\npoints"
    )
    _, body = card([hp])
    assert "| hp | 03000010 | u16 | HP | hit points | 0 dead, bit 3 low \\| full |" in body
    assert "## Variables" not in card()[1]
