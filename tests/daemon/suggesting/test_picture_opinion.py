"""Labels by similar pictures: how similar is learned from those that are labelled."""

from collections.abc import Sequence

import numpy as np

from daemon.finding.label_runs import label_samples, labelled_runs
from daemon.suggesting.picture_opinion import PictureOpinion
from protocol.changes import I64, U8

SCENES = ("battle", "menu", "shop")
LENGTH, SETS = 30, 1_200


def pictures(noise: float = 3.0, *, alike: bool = False, missing: range = range(0)) -> list[U8 | None]:
    """Scenes of thirty frame sets, one after the other, each drawn alike whenever it comes."""
    chance = np.random.default_rng(1)
    looks = chance.integers(40, 200, (len(SCENES), 450))
    found: list[U8 | None] = []
    for place in range(SETS):
        scene = 0 if alike else place // LENGTH % len(SCENES)
        found.append((looks[scene] + chance.normal(0, noise, 450)).clip(0, 255).astype(np.uint8))
    return [None if place in missing else picture for place, picture in enumerate(found)]


def opinion(drawn: Sequence[U8 | None], wrong: float = 0.0, until: int = SETS // 2) -> PictureOpinion:
    """Labels of the middle of each scene of the first half."""
    chance = np.random.default_rng(2)
    labels = [""] * SETS
    for place in range(LENGTH // 2, until, LENGTH):
        scene = SCENES[place // LENGTH % len(SCENES)]
        given = scene if chance.random() >= wrong else str(chance.choice([each for each in SCENES if each != scene]))
        labels[place : place + 3] = [given] * 3

    def pictures_of(places: I64) -> list[U8 | None]:
        return [drawn[place] for place in places.tolist()]

    return PictureOpinion(label_samples(labelled_runs(labels), 14), pictures_of)


def test_scenes_that_look_the_same_have_the_same_label() -> None:
    for wrong in (0.0, 0.1):
        votes = opinion(pictures(), wrong).votes(np.arange(SETS // 2, SETS, 7))
        assert len(votes) == len(range(SETS // 2, SETS, 7))
        for place, vote in votes.items():
            assert vote.label == SCENES[place // LENGTH % len(SCENES)]
            assert vote.label == SCENES[vote.nearest // LENGTH % len(SCENES)]
            assert vote.nearest < SETS // 2
        assert np.mean([vote.chance > 0.85 for vote in votes.values()]) > 0.9


def test_pictures_that_all_look_the_same_tell_nothing() -> None:
    told = opinion(pictures(alike=True))
    assert not told.tells
    assert told.votes(np.arange(SETS)) == {}


def test_a_picture_like_none_of_the_labelled_ones_has_no_label() -> None:
    drawn = pictures()
    drawn[SETS - 1] = np.full(450, 255, np.uint8)
    assert opinion(drawn).votes(np.array([SETS - 1])) == {}


def test_a_single_similar_picture_is_not_enough_to_be_sure() -> None:
    drawn = pictures()
    drawn[LENGTH // 2 + 1] = drawn[SETS - 1] = np.full(450, 255, np.uint8)
    for vote in opinion(drawn).votes(np.array([SETS - 1])).values():
        assert vote.chance < 0.85


def test_frame_sets_without_a_picture_are_left_out() -> None:
    told = opinion(pictures(missing=range(SETS - 10, SETS)))
    votes = told.votes(np.arange(SETS - 20, SETS)).keys()
    assert votes
    assert votes <= set(range(SETS - 20, SETS - 10))
    assert not opinion([None] * SETS).tells


def test_too_few_labels_tell_nothing() -> None:
    assert not opinion(pictures(), until=4 * LENGTH).tells
