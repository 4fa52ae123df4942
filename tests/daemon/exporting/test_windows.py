import pytest

from daemon.exporting.windows import Step, WindowMaker, step_of
from protocol.session.annotations import Annotations
from protocol.session.change_rows import change_columns
from tests.daemon.exporting.recordings import frame_sets


def steps(count: int, *, labelled: bool = False) -> list[Step]:
    labels = Annotations(context="battle") if labelled else None
    return [Step(number, {"frame_set_id": number}, labels) for number in range(count)]


def spans(window: int, stride: int, count: int) -> list[tuple[int, int]]:
    maker = WindowMaker("session", window, stride, labelled_only=False)
    return [(example["first_frame_set"], example["last_frame_set"]) for example in maker.add(steps(count))]


@pytest.mark.parametrize(
    ("window", "stride", "expected"),
    [
        (4, 2, [(0, 3), (2, 5), (4, 7), (6, 9)]),
        (3, 3, [(0, 2), (3, 5), (6, 8)]),
        (2, 4, [(0, 1), (4, 5), (8, 9)]),
        (20, 1, []),
    ],
)
def test_windows_lie_where_window_and_stride_put_them(
    window: int, stride: int, expected: list[tuple[int, int]]
) -> None:
    assert spans(window, stride, 10) == expected


def test_windows_go_on_over_batches_and_end_with_a_run() -> None:
    maker = WindowMaker("session", 4, 4, labelled_only=False)
    every = steps(8)
    assert list(maker.add(every[:3])) == []
    assert len(list(maker.add(every[3:5]))) == 1
    maker.restart()
    assert [example["first_frame_set"] for example in maker.add(every[4:])] == [4]


def test_the_output_is_what_is_known_of_the_last_set() -> None:
    maker = WindowMaker("session", 2, 2, labelled_only=True)
    first, second = steps(1)[0], Step(1, {}, Annotations(action="combat", tags=("boss",)))
    (example,) = maker.add([first, second])
    assert example["outputs"]["action"] == "combat"
    assert example["outputs"]["tags"] == ["boss"]
    assert list(maker.add(steps(2))) == []


def test_changes_of_rare_addresses_come_first() -> None:
    item = next(frame_sets(1))
    columns = change_columns([item])
    step = step_of(item, columns, columns.of_set(0), None, 2, {})
    assert step.inputs["changes"] == [["03000010", "00000000", "00000001"], ["02000100", "00000000", "00000000"]]
    assert step.inputs["changes_left_out"] == 1
    assert step.inputs["buttons"] == [""] * 5
