"""Recent changes of words, held buttons, and the last stored frame sets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.recording import recent_past
from daemon.recording.recent_past import FREQ_WINDOW, KEY_HISTORY, FrequencyWindow, KeyHistory, RecentSets
from tests.daemon.importing.made import frame_set, scan

WORDS = 6


def counts(window: FrequencyWindow, frame: int, *words: int) -> list[int]:
    return [int(count) for count in window.count(frame, np.array(words, np.uint32))]


class TestFrequency:
    @given(
        st.lists(st.tuples(st.integers(1, 60), st.sets(st.integers(0, WORDS - 1), min_size=1).map(sorted)), max_size=60)
    )
    def test_it_is_what_counting_by_hand_gives(self, steps: list[tuple[int, list[int]]]) -> None:
        window, changed, frame = FrequencyWindow(WORDS), [], 1000
        for step, words in steps:
            frame += step
            changed += [(frame, word) for word in words]
            by_hand = [
                sum(1 for at, other in changed if other == word and frame - FREQ_WINDOW < at <= frame) for word in words
            ]
            assert counts(window, frame, *words) == by_hand

    def test_the_window_is_100_frames_with_this_one(self) -> None:
        window = FrequencyWindow(1)
        assert counts(window, 1, 0) == [1]
        assert counts(window, 100, 0) == [2]
        assert counts(window, 101, 0) == [2]

    def test_a_word_that_changes_in_every_frame_changed_a_hundred_times(self) -> None:
        window = FrequencyWindow(1)
        assert [counts(window, frame, 0)[0] for frame in range(300)][98:102] == [99, 100, 100, 100]

    def test_several_chunks_of_one_frame_are_counted_apart(self) -> None:
        window = FrequencyWindow(WORDS)
        assert counts(window, 7, 0, 1) == [1, 1]
        assert counts(window, 7, 4, 5) == [1, 1]
        assert counts(window, 8, 1, 4) == [2, 2]

    def test_nothing_is_left_when_it_is_cleared(self) -> None:
        window = FrequencyWindow(WORDS)
        counts(window, 500, 0, 1)
        window.clear()
        assert counts(window, 3, 0) == [1]
        assert counts(window, 104, 1) == [1]


class TestKeys:
    def test_what_is_held_is_joined_in_the_order_of_the_bits(self) -> None:
        assert KeyHistory(("A", "B", "Select")).press(0b111) == ("A+B+Select", ("A+B+Select",))

    def test_no_button_is_empty_now_and_a_word_in_the_history(self) -> None:
        assert KeyHistory(("A",)).press(0) == ("", ("None",))

    def test_a_combination_is_entered_when_it_differs_from_the_one_before(self) -> None:
        keys = KeyHistory(("A", "B"))
        histories = [keys.press(buttons)[1] for buttons in (0, 0, 1, 1, 3, 0, 1)]
        assert histories[-1] == ("None", "A", "A+B", "None", "A")
        assert histories[3] == ("None", "A")

    def test_only_the_last_five_are_held_oldest_first(self) -> None:
        keys = KeyHistory(("A", "B", "L"))
        for buttons in range(8):
            held, history = keys.press(buttons)
        assert len(history) == KEY_HISTORY
        assert history == ("A+B", "L", "A+L", "B+L", held)

    def test_bits_without_a_name_are_ignored(self) -> None:
        assert KeyHistory(("A",)).press(0xFFFF_FFFE) == ("", ("None",))

    @given(st.lists(st.integers(0, 7), min_size=1, max_size=30))
    def test_it_is_what_removing_repetitions_by_hand_gives(self, pressed: list[int]) -> None:
        keys = KeyHistory(("A", "B", "L"))
        for buttons in pressed:
            _, history = keys.press(buttons)
        names = [
            "+".join(name for bit, name in enumerate("ABL") if buttons >> bit & 1) or "None" for buttons in pressed
        ]
        changes = [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]
        assert list(history) == changes[-5:]


FRAMES_PER_SET = 5


def numbers(recent: RecentSets) -> list[int]:
    return [each.frame_set_id for each in recent.sets]


def test_those_that_change_counts_look_at_are_kept() -> None:
    recent = RecentSets()
    for number in range(100):
        recent.remember(frame_set(number))
    assert numbers(recent) == list(range(100 - FREQ_WINDOW // FRAMES_PER_SET, 100))


def test_behind_a_jump_everything_before_is_forgotten() -> None:
    recent = RecentSets()
    for number in (0, 1, 2, 9, 10):
        recent.remember(frame_set(number))
    assert numbers(recent) == [9, 10]


def test_only_the_last_has_its_screenshot() -> None:
    recent = RecentSets()
    for number in range(3):
        recent.remember(frame_set(number))
    assert [bool(each.png) for each in recent.sets] == [False, False, True]


def test_there_are_only_so_many_changes_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_past, "MAX_COUNTED", 10)
    recent = RecentSets()
    for number in range(6):
        recent.remember(frame_set(number, [scan("iwram", number, range(0, 16, 4))]))
    assert numbers(recent) == [4, 5]
