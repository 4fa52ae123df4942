"""Labels of frame sets as one column for each question."""

import numpy as np
import pytest

from daemon.analysis.set_labels import SetLabels
from protocol.session.annotations import Annotations

NUMBERS = np.array([0, 1, 4, 5, 9], np.uint32)
LABELS = SetLabels(
    {
        1: Annotations(context="battle", tags=("boss", "night")),
        4: Annotations(context="battle", complete=True),
        7: Annotations(context="battle"),
        9: Annotations(context="shop", tags=("night",)),
        12: Annotations(context="battle"),
    }
)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("context", "battle", [1, 4]),
        ("context", "Battle", []),
        ("tags", "night", [1, 9]),
        ("complete", "true", [4]),
        ("scene", "cave", []),
    ],
)
def test_the_sets_with_a_label_are_found(field: str, value: str, expected: list[int]) -> None:
    assert NUMBERS[LABELS.labelled(NUMBERS, field, value)].tolist() == expected


def test_nothing_is_labelled_where_there_are_no_labels() -> None:
    assert not SetLabels({}).labelled(NUMBERS, "context", "battle").any()


def test_edits_change_single_fields_after_the_files() -> None:
    edits = [(1, {"scene": "cave"}), (0, {"context": "battle"}), (1, {"context": "shop"})]
    edited = LABELS.edited({5: Annotations(scene="cave")}, edits)
    assert edited.of(1) == Annotations(context="shop", scene="cave", tags=("boss", "night"))
    assert NUMBERS[edited.labelled(NUMBERS, "scene", "cave")].tolist() == [1, 5]
    assert NUMBERS[edited.labelled(NUMBERS, "context", "battle")].tolist() == [0, 4]
    assert LABELS.of(0) is None
