"""Agreement of two people's words, against numbers worked out by hand."""

from collections.abc import Mapping

import pytest

from daemon.agreement.agreement import Disagreement, agreement_of, cohens_kappa


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        # Of 50: 35 agree; by chance (25 * 30 + 25 * 20) / 50 = 25. (35 - 25) / (50 - 25)
        ({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}, 0.4),
        # Of 10: 7 agree; by chance (5 * 4 + 3 * 4 + 2 * 2) / 10 = 3.6. (7 - 3.6) / (10 - 3.6)
        (
            {
                ("a", "a"): 4,
                ("b", "b"): 2,
                ("c", "c"): 1,
                ("a", "b"): 1,
                ("b", "c"): 1,
                ("c", "b"): 1,
            },
            0.53125,
        ),
        ({("a", "a"): 3, ("b", "b"): 7}, 1.0),
        # Of 4: none agree; by chance (2 * 2 + 2 * 2) / 4 = 2. (0 - 2) / (4 - 2)
        ({("a", "b"): 2, ("b", "a"): 2}, -1.0),
        # One of them says the same throughout: no better than chance.
        ({("a", "a"): 5, ("a", "b"): 5}, 0.0),
        ({("a", "a"): 9}, None),
        ({}, None),
    ],
)
def test_kappa_is_as_worked_out_by_hand(pairs: Mapping[tuple[str, str], int], kappa: float | None) -> None:
    assert cohens_kappa(pairs) == pytest.approx(kappa)


def spoken(*runs: tuple[int, int, str]) -> dict[int, str]:
    return {number: value for first, last, value in runs for number in range(first, last + 1)}


def test_disagreements_come_as_runs_that_a_gap_or_another_value_ends() -> None:
    ann = {"context": spoken((0, 9, "battle"), (20, 29, "menu"))}
    ben = {"context": spoken((0, 3, "battle"), (4, 5, "menu"), (6, 7, "town"), (8, 21, "town"), (23, 25, "town"))}
    context, *others = agreement_of(ann, ben)
    assert (context.field, context.compared, context.agreed, context.only) == ("context", 15, 4, (5, 10))
    assert context.disagreements == (
        Disagreement("context", 4, 5, ("battle", "menu")),
        Disagreement("context", 6, 9, ("battle", "town")),
        Disagreement("context", 20, 21, ("menu", "town")),
        Disagreement("context", 23, 25, ("menu", "town")),
    )
    # 4 of 15 agree; by chance (10 * 4 + 5 * 2) / 15, "battle" and "menu".
    assert context.kappa == pytest.approx((4 - 50 / 15) / (15 - 50 / 15))
    assert [(each.compared, each.kappa, each.only) for each in others] == [(0, None, (0, 0))] * 4


def test_a_cleared_label_contradicts_one_that_is_given_and_two_cleared_ones_say_nothing() -> None:
    ann = {"scene": spoken((0, 1, "arena"), (2, 3, ""))}
    ben = {"scene": spoken((0, 3, ""))}
    scene = agreement_of(ann, ben)[1]
    assert (scene.compared, scene.agreed, scene.only) == (2, 0, (0, 0))
    assert scene.disagreements == (Disagreement("scene", 0, 1, ("arena", "")),)
