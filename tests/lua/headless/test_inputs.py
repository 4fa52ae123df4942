"""Sources of button presses: a file, a seed, nobody."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lua.headless.inputs import NoInputs, RandomInputs, SequentialInputs, read_inputs
from protocol.console import GBA
from protocol.errors import InputFileError
from protocol.recorded_inputs import parse_inputs


def test_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tour.inputs"
    path.write_text("3 B\n", encoding="utf-8")
    assert GBA.combination(read_inputs(path).pressed(3)) == "B"


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "marked.inputs"
    path.write_bytes(b"\xef\xbb\xbf3 B\n")
    assert GBA.combination(read_inputs(path).pressed(3)) == "B"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"missing\.inputs: the input file cannot be read, No such file"):
        read_inputs(tmp_path / "missing.inputs")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "game.gba"
    path.write_bytes(b"\xff\xfe\x00\x96")
    with pytest.raises(InputFileError, match="not a text file"):
        read_inputs(path)


def test_nobody_presses_nothing() -> None:
    assert not any(NoInputs().pressed(frame) for frame in range(100))


@given(seed=st.integers(), frames=st.lists(st.integers(0, 5000), min_size=1, max_size=20))
def test_a_seed_is_always_the_same_player_whatever_is_asked_first(seed: int, frames: list[int]) -> None:
    player = RandomInputs(seed)
    asked = [player.pressed(frame) for frame in frames]
    again = RandomInputs(seed)
    assert [again.pressed(frame) for frame in sorted(frames)] == [
        held for _, held in sorted(zip(frames, asked, strict=True))
    ]


def test_another_seed_is_another_player() -> None:
    one, other = (RandomInputs(seed) for seed in (1, 2))
    assert [one.pressed(frame) for frame in range(600)] != [other.pressed(frame) for frame in range(600)]


def test_the_player_plays_plausibly() -> None:
    player = RandomInputs(7)
    played = [player.pressed(frame) for frame in range(20_000)]
    share = {name: sum(held >> bit & 1 for held in played) / len(played) for bit, name in enumerate(GBA.buttons)}
    walking = sum(share[name] for name in ("Up", "Down", "Left", "Right"))
    presses_of_a = sum(1 for before, now in pairwise(played) if now & 1 and not before & 1)
    assert 0.3 < walking < 0.8
    assert presses_of_a > 100
    assert 0 < share["Start"] < 0.05
    assert not any(held & 0b1100_0000 == 0b1100_0000 or held & 0b11_0000 == 0b11_0000 for held in played)


def test_another_player_takes_over_after_the_last_recorded_change() -> None:
    recorded = parse_inputs("10 A\n20 None\n", Path("run.inputs"))
    random = RandomInputs(7)
    relay = SequentialInputs(recorded, random)
    assert [relay.pressed(frame) for frame in (9, 10, 19)] == [recorded.pressed(frame) for frame in (9, 10, 19)]
    assert [relay.pressed(frame) for frame in range(20, 400)] == [random.pressed(frame) for frame in range(380)]
