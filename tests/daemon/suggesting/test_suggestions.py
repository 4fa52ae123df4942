"""Suggested labels of the demo game: how many, how often right, why, and when there are none."""

from collections.abc import Sequence

import numpy as np
import pytest

from daemon.suggesting.guesses import SURE
from daemon.suggesting.label_model import LabelModel, fit_model
from daemon.suggesting.suggestions import Suggestions, suggest, suggested_field
from protocol.changes import I64, U8
from protocol.errors import AnalysisError
from protocol.session.frame_set import hex_word
from tests.daemon.finding.made_game import MadeGame
from tests.daemon.suggesting.played import play, read_off, typed_live
from tests.fakes.demo_game import symbol_address

SETS = 7_200
"""Ten minutes."""


def suggested(labels: Sequence[str], sets: int = SETS) -> Suggestions:
    history = play(sets).history
    return suggest(history, "context", labels, fit_model(history, labels))


def judged(answer: Suggestions, labels: Sequence[str], sets: int = SETS) -> tuple[float, float]:
    """Return how many of the suggested sets are right, and how many of those without a label have a suggestion."""
    truth = play(sets).truth
    right = [
        truth[place] == each.value
        for each in answer.suggestions
        for place in range(each.first, each.last + 1)
        if not labels[place]
    ]
    return sum(right) / max(1, len(right)), len(right) / labels.count("")


@pytest.mark.parametrize("seed", range(4))
def test_ten_minutes_with_one_label_in_twenty_and_one_of_ten_wrong(seed: int) -> None:
    labels = read_off(play(SETS).truth, 0.05, seed)
    answer = suggested(labels)
    right, covered = judged(answer, labels)
    assert right >= 0.98
    assert covered >= 0.97
    assert answer.told_by[0] == hex_word(symbol_address("scene"))
    assert answer.note == ""


def test_twenty_labels_are_enough_for_what_they_name() -> None:
    labels = read_off(play(SETS).truth, 20 / SETS, 0, wrong=0)
    right, covered = judged(suggested(labels), labels)
    assert right >= 0.95
    assert covered >= 0.6


def test_the_first_half_is_labelled_live_and_the_second_suggested() -> None:
    labels, _ = typed_live(play(SETS).truth, 3, wrong=0)
    labels[SETS // 2 :] = [""] * (SETS // 2)
    truth = play(SETS).truth
    right = [
        truth[place] == each.value
        for each in suggested(labels).suggestions
        for place in range(each.first, each.last + 1)
        if truth[place] != "transition"
    ]
    assert sum(right) / len(right) >= 0.95


def test_a_suggestion_says_why() -> None:
    truth = play(SETS).truth
    labels = [value if place % 20 == 0 else "" for place, value in enumerate(truth)]
    answer = suggested(labels)
    battles = [each for each in answer.suggestions if each.value == "battle"]
    told = labels.count("battle")
    assert {each.reason for each in battles} == {
        f"byte {hex_word(symbol_address('scene'))} = 12 in all {told} sets labelled battle"
    }
    assert all(each.confidence > 0.99 for each in battles)


def test_suggestions_are_only_where_no_label_is() -> None:
    labels = ["" if place % 7 else value for place, value in enumerate(play(SETS).truth)]
    for each in suggested(labels).suggestions:
        assert not labels[each.first]
        assert not labels[each.last]
        assert {labels[place] for place in range(each.first, each.last + 1)} <= {"", each.value}


def test_a_wrong_run_is_queued_for_review_and_a_late_end_is_not() -> None:
    played = play(SETS)
    labels, _ = typed_live(played.truth, 1, wrong=0)
    start = next(place for place in range(1, SETS) if played.truth[place - 1 : place + 120] == ["battle"] * 121)
    labels[start : start + 100] = ["shop"] * 100
    doubts = suggested(labels).disagreements
    [doubt] = [each for each in doubts if each.last - each.first > 12]
    assert (doubt.label, doubt.value) == ("shop", "battle")
    assert abs(doubt.first - start) <= 1
    assert abs(doubt.last - (start + 99)) <= 1
    assert "03000025 = 12" in doubt.reason
    assert len(doubts) < 20


def test_wrong_labels_of_single_sets_are_queued_for_review() -> None:
    truth = play(SETS).truth
    labels = read_off(truth, 0.05, 0)
    wrong = {place for place, value in enumerate(labels) if value and value != truth[place]}
    doubted = {each.first for each in suggested(labels).disagreements}
    assert len(doubted & wrong) >= 0.8 * len(wrong)
    assert len(doubted - wrong) <= 3


def test_two_situations_are_said_to_be_not_enough() -> None:
    truth = play(2_160).truth
    labels = [
        value if value in {"battle", "overworld"} and place % 40 == 0 else "" for place, value in enumerate(truth)
    ]
    answer = suggested(labels, 2_160)
    assert answer.suggestions == ()
    assert answer.note.startswith("Only battle and overworld are labelled")
    assert "label a third one" in answer.note


def pictures_of(places: I64) -> list[U8]:
    """Draw the pictures of scenes, each in colours of its own."""
    looks = np.random.default_rng(1).integers(0, 256, (40, 450)).astype(np.uint8)
    truth = play(SETS).truth
    scenes = sorted(set(truth))
    return [looks[scenes.index(truth[place])] for place in places.tolist()]


def test_pictures_tell_where_no_byte_does() -> None:
    played, labels = play(SETS), read_off(play(SETS).truth, 0.05, 0)
    names = tuple(sorted({label for label in labels if label}))
    nothing = LabelModel(names, (), "No byte tells them.")
    assert suggest(played.history, "context", labels, nothing).note == "No byte tells them."
    answer = suggest(played.history, "context", labels, nothing, pictures_of)
    right, covered = judged(answer, labels)
    assert right >= 0.97
    assert covered >= 0.6
    assert (answer.told_by, answer.note) == ((), "")
    numbers = {str(place) for place, label in enumerate(labels) if label}
    for each in answer.suggestions:
        assert each.reason.startswith("its picture is nearest to set ")
        assert each.reason.split()[6].rstrip(",") in numbers
        assert each.reason.endswith(f", labelled {each.value}")


def test_a_label_so_rare_that_none_of_it_is_looked_at_shifts_no_other() -> None:
    sets = 3_000
    shown = ["battle" if place // 10 % 2 else "menu" for place in range(sets)]
    shown[2] = "attic"
    looks = {"attic": 0, "battle": 100, "menu": 200}
    labels = [scene if place % 2 == 0 else "" for place, scene in enumerate(shown)]
    answer = suggest(
        MadeGame(sets, 4).history(),
        "context",
        labels,
        LabelModel(tuple(sorted(looks)), (), "No byte tells them."),
        lambda places: [np.full(450, looks[shown[place]], np.uint8) for place in places.tolist()],
    )
    assert {each.value for each in answer.suggestions} == {"battle", "menu"}
    for each in answer.suggestions:
        assert each.reason.endswith(f", labelled {each.value}")
        assert {shown[place] for place in range(each.first, each.last + 1)} == {each.value}


def test_pictures_are_not_asked_where_memory_tells() -> None:
    labels = read_off(play(SETS).truth, 0.05, 0)
    history = play(SETS).history
    model = fit_model(history, labels)
    by_memory = suggest(history, "context", labels, model)
    looked_at: list[int] = []

    def misleading(places: I64) -> list[U8]:
        looked_at.extend(places.tolist())
        return pictures_of((places + 300) % SETS)

    both = suggest(history, "context", labels, model, misleading)
    assert {each for each in by_memory.suggestions if each.confidence > 0.99} <= set(both.suggestions)
    free = set(looked_at) - {place for place, label in enumerate(labels) if label}
    assert not free & {place for each in by_memory.suggestions for place in range(each.first, each.last + 1)}


def test_a_passing_moment_that_nobody_labels_belongs_to_what_it_follows() -> None:
    truth = list(play(SETS).truth)
    labels = [value if place % 20 == 0 and value != "transition" else "" for place, value in enumerate(truth)]
    answer = suggested(labels)
    fade = next(place for place in range(100, SETS) if truth[place - 1] == "overworld" and truth[place] == "transition")
    [run] = [each for each in answer.suggestions if each.first <= fade <= each.last]
    assert run.value == "overworld"
    assert all(each.confidence >= SURE for each in answer.suggestions)


@pytest.mark.parametrize("labels", [[], ["battle"] * 40, ["battle", "shop"], ["a", "b", "c", "d"]])
def test_too_little_is_said_to_be_too_little(labels: list[str]) -> None:
    answer = suggested(labels + [""] * (2_160 - len(labels)), 2_160)
    assert (answer.suggestions, answer.disagreements, answer.told_by) == ((), (), ())
    assert "label" in answer.note


def test_fields_of_one_text_have_suggestions() -> None:
    assert suggested_field("scene") == "scene"
    for name in ("tags", "complete", "description", "colour"):
        with pytest.raises(AnalysisError, match="choose one of context"):
            suggested_field(name)


def test_two_bytes_together_suggest_with_both_in_the_reason() -> None:
    sets, names = 3_000, ("coast", "cave", "town", "tower", "wood", "shop", "lake", "camp", "mine")
    rooms = np.repeat(np.random.default_rng(5).integers(0, len(names), sets // 50), 50)
    game = MadeGame(sets, 128)
    game.put(0x31, (1 + rooms // 3).astype(np.uint8))
    game.put(0x46, (rooms % 3).astype(np.uint8))
    labels = [names[room] if place % 25 < 3 else "" for place, room in enumerate(rooms)]
    history = game.history()
    answer = suggest(history, "context", labels, fit_model(history, labels))
    given = list(labels)
    for each in answer.suggestions:
        given[each.first : each.last + 1] = [each.value] * (each.last + 1 - each.first)
    assert np.mean([value == names[room] for value, room in zip(given, rooms, strict=True)]) > 0.97
    assert set(answer.told_by) == {"02000031", "02000046"}
    room = next(each for each in answer.suggestions if each.value == "wood")
    first, second = (f"{address} = {value}" for address, value in (("02000031", 2), ("02000046", 1)))
    told = f"in all {labels.count('wood')} sets labelled wood"
    assert room.reason in {f"bytes {first} and {second} {told}", f"bytes {second} and {first} {told}"}
