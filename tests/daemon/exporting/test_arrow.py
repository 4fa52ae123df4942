from collections.abc import Sequence
from dataclasses import replace

import pytest

from daemon.exporting.arrow import (
    annotations_table,
    changes_schema,
    changes_table,
    dictionary,
    frame_sets_schema,
    frame_sets_table,
    labels_columns,
)
from daemon.exporting.batch import Batch
from daemon.exporting.buttons import Buttons
from daemon.exporting.options import ImageMode
from daemon.exporting.split import GAP
from daemon.exporting.variables import NO_VARIABLES
from protocol.session.annotations import Annotations
from protocol.session.change_rows import change_columns
from protocol.session.frame_set import FrameSet
from tests.daemon.exporting.recordings import NOW, batch_of, frame_sets, screenshot


def batch(sets: Sequence[FrameSet], labels: Sequence[Annotations | None] = ()) -> Batch:
    splits = ["train"] * (len(sets) - 1) + [GAP]
    return batch_of(sets, splits, range(len(sets)), labels or [None] * len(sets))


@pytest.mark.parametrize(
    ("images", "kind"), [(ImageMode.BYTES, "binary"), (ImageMode.PATHS, "string"), (ImageMode.NONE, None)]
)
def test_the_image_is_what_was_chosen(images: ImageMode, kind: str | None) -> None:
    schema = frame_sets_schema(images, ["A", "B"], NO_VARIABLES)
    assert ("image" in schema.names) == (kind is not None)
    if kind is not None:
        assert str(schema.field("image").type) == kind
    assert schema.field("frame_buttons").metadata[b"description"].endswith(b"bit i is button i of A B")


def test_a_row_is_a_frame_set_whatever_its_length() -> None:
    first, second = frame_sets(2)
    short = replace(second, frames=second.frames[:2], flaws=("cut short",))
    buttons = Buttons()
    schema = frame_sets_schema(ImageMode.BYTES, buttons.names, NO_VARIABLES)
    table = frame_sets_table(batch([first, short]), schema, buttons, NO_VARIABLES, [screenshot(0), None])
    assert table["frames"].to_pylist() == [[1000, 1001, 1002, 1003, 1004], [1005, 1006]]
    assert table["frame_buttons"].to_pylist() == [[0] * 5, [1, 1]]
    assert table["buttons"].to_pylist() == ["", "A"]
    assert (table["first_frame"].to_pylist(), table["last_frame"].to_pylist()) == ([1000, 1005], [1004, 1006])
    assert [time.timestamp() * 1000 for time in table["timestamp"].to_pylist()] == [NOW + 68, NOW + 84 + 17]
    assert table["pc"].to_pylist() == [0x0800_0000, 0x0800_0002]
    assert table["split"].to_pylist() == ["train", None]
    assert (table["whole"].to_pylist(), table["flaws"].to_pylist()) == ([True, False], [[], ["cut short"]])
    assert table["changes"].to_pylist() == [3, 1]
    assert table["image"].to_pylist() == [screenshot(0), None]


def test_a_row_is_a_change() -> None:
    table = changes_table(change_columns(list(frame_sets(1))))
    assert table.schema.equals(changes_schema())
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        (0, 1000, "iwram", 0x0300_0010, 0, 1, 7),
        (0, 1002, "ewram", 0x0200_0100, 0, 0, 1),
        (0, 1002, "ewram", 0x0200_0104, 9, 10, 12),
    ]


def test_only_labelled_frame_sets_have_a_row_of_labels() -> None:
    given = [None, Annotations(scene="cave", tags=("dark",), complete=True), Annotations()]
    rows = annotations_table(batch(list(frame_sets(3)), given)).to_pylist()
    assert [row["frame_set_id"] for row in rows] == [1, 2]
    assert (rows[0]["scene"], rows[0]["tags"], rows[0]["complete"]) == ("cave", ["dark"], True)
    assert (rows[1]["scene"], rows[1]["tags"], rows[1]["complete"]) == (None, [], False)


def test_label_columns_have_a_place_for_the_unlabelled() -> None:
    columns = labels_columns([None, Annotations(outcome="won")])
    assert columns["outcome"].to_pylist() == [None, "won"]
    assert columns["complete"].tolist() == [False, False]


def test_a_text_that_repeats_is_stored_once() -> None:
    column = dictionary(["cave", None, "cave", "town"])
    assert column.to_pylist() == ["cave", None, "cave", "town"]
    assert column.dictionary.to_pylist() == ["cave", "town"]
