import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.analysis.companions import changing_with
from daemon.analysis.filters import (
    Between,
    ChangedBy,
    ChangesWith,
    Compared,
    Comparison,
    Filter,
    Moved,
    Movement,
    OnlyIn,
    OnlyWhile,
    Times,
    parse_filter,
)
from daemon.analysis.moments import ALL, LabelValue, SetMoment, Stretch
from daemon.analysis.predicates import judge
from daemon.analysis.value_types import VALUE_TYPES, value_type
from protocol.errors import AnalysisError, FilterError, MomentError
from tests.daemon.analysis.recording import Recording
from tests.daemon.analysis.searched import BYTES, TYPES, Oracle, base, number, searched

KINDS = [value_type(name) for name in TYPES]
FITS = np.array([[position + width <= base(position) for position in range(BYTES)] for width in TYPES.values()])


def test_the_oracle_knows_every_type() -> None:
    assert set(TYPES) == set(VALUE_TYPES)


@st.composite
def filters(draw: st.DrawFn, recording: Recording) -> Filter:
    numbers = recording.numbers
    first, last = sorted((draw(st.integers(0, len(numbers) - 1)), draw(st.integers(0, len(numbers) - 1))))
    stretch = draw(st.sampled_from([ALL, Stretch(SetMoment(numbers[first]), SetMoment(numbers[last]))]))
    at = SetMoment(numbers[last])
    name = draw(st.sampled_from(list(TYPES)))
    position = draw(st.integers(0, 44))
    found = [number(name, recording.memory[place][position : position + TYPES[name]]) for place in (first, last)]
    before, after = (0 if value is None else value for value in found)
    how = draw(st.sampled_from(Comparison))
    choices: list[Filter] = [
        Compared(how, after, at),
        Compared(how, SetMoment(numbers[first]), at),
        Between(min(before, after), max(before, after), at),
        Moved(draw(st.sampled_from(Movement)), stretch),
        ChangedBy(after - before if TYPES[name] < 4 else 0, stretch),
        Times(how, draw(st.integers(0, 12)), stretch),
        OnlyWhile(draw(st.sampled_from(["A", "B", "A+Right", "None"])), stretch),
        OnlyIn(LabelValue("context", "battle"), stretch),
        ChangesWith(0x0300_0000 + position, stretch),
    ]
    return draw(st.sampled_from(choices))


@settings(max_examples=50, deadline=None)
@given(st.data(), st.integers(0, 10_000), st.sampled_from([0, 0, 1, 2, 3]))
def test_every_filter_agrees_with_a_search_through_memories(data: st.DataObject, seed: int, shift: int) -> None:
    recording = Recording(seed, sets=14, shift=shift)
    whole = searched(recording)
    each = data.draw(filters(recording))
    try:
        found = judge(each, whole, KINDS)
    except (FilterError, MomentError):
        assert isinstance(each, OnlyWhile | OnlyIn | ChangesWith)  # nobody held it, nothing has it, it never changes
        return
    passes, unknown = Oracle(recording, whole).verdicts(each)
    assert np.array_equal(found.passes & FITS, passes), each
    assert np.array_equal(found.unknown & FITS, unknown), each


def test_values_of_fixed_point_and_floats_are_the_nearest_to_a_number() -> None:
    recording = Recording(1)
    whole = searched(recording)
    image = np.frombuffer(recording.memory[-1], np.uint8).copy()
    image[:4] = np.frombuffer(np.float32(0.1).tobytes(), np.uint8)
    image[4:8] = np.frombuffer(np.int32(round(0.1 * 4096)).tobytes(), np.uint8)
    whole.history.latest[:] = 0
    memory = whole.history.memory_at(recording.numbers[-1])
    whole.history.memory_at = lambda number: type(memory)(number, image, np.ones_like(memory.known))  # type: ignore[method-assign]
    found = judge(parse_filter("= 0.1"), whole, [value_type("float32"), value_type("fixed20.12")])
    assert found.passes[0, 0]
    assert found.passes[1, 4]


@pytest.mark.parametrize(
    "number", ["9" * 64, "-" + "9" * 63, "0x" + "F" * 62, "1e308", "-1e308", "1e-308", "0." + "0" * 60]
)
@pytest.mark.parametrize("form", ["= {}", "!= {}", "<= {}", "between {0} {0}", "changed by {}"])
def test_the_largest_and_smallest_numbers_are_judged(form: str, number: str) -> None:
    recording = Recording(1)
    found = judge(parse_filter(form.format(number)), searched(recording), KINDS)
    assert not (found.passes & found.unknown).any()


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("only while L", FilterError, "L was never held in this recording; its buttons are A, B, Right."),
        ("only in scene=cave", MomentError, "No frame set of this recording has the label scene=cave."),
        ("changes with 0x08000000", AnalysisError, "08000000"),
        ("changes with hp", FilterError, "There is no name 'hp': write an address"),
        ("= 7 @ 4000", MomentError, "There is no frame set 4000"),
        ("rose last..first", MomentError, "ends before it begins"),
    ],
)
def test_a_filter_that_the_recording_cannot_answer_is_a_sentence(
    text: str, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence.replace(".", r"\.")):
        judge(parse_filter(text), searched(Recording(1)), KINDS)


def test_a_byte_that_never_changes_has_no_companions() -> None:
    recording = Recording(1, sets=3)
    history = searched(recording).history
    assert changing_with(history, 0, 10**6, 10**6) is None


def test_a_name_stands_for_its_address() -> None:
    whole = searched(Recording(1))
    by_name = judge(parse_filter("changes with hp 10..16"), whole, KINDS, {"hp": 0x0300_0004}.__getitem__)
    by_address = judge(parse_filter("changes with 0x03000004 10..16"), whole, KINDS)
    assert np.array_equal(by_name.passes, by_address.passes)
    assert by_name.passes.any()
