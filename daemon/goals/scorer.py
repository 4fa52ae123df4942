"""Scorer of a game that is being played, step by step, under a goal. Pure."""

from math import isnan

import numpy as np

from daemon.goals.goals import Goal
from protocol.changes import F64

__all__ = ["GoalScorer"]


class GoalScorer:
    """Scorer of steps.

    It judges like `GoalJudge`, where nobody gives labels and memory is known.

    Args:
        goal: None: nothing is gained, nothing ends.
    """

    def __init__(self, goal: Goal | None) -> None:
        self._goal = goal
        self._names = goal.names if goal else []
        self._before = np.empty(0)

    def begin(self, values: F64) -> None:
        """Begin an episode.

        Args:
            values: of the goal's names at its start, shape (k,).
        """
        self._before = values

    def step(self, values: F64) -> tuple[float, bool]:
        """Score a step.

        Args:
            values: of the goal's names after it, shape (k,).

        Returns:
            What was gained, 0 where that is not known, and whether the episode is over.
        """
        if self._goal is None:
            return 0.0, False
        changes = dict(zip(self._names, (values - self._before).tolist(), strict=True))
        of = dict(zip(self._names, values.tolist(), strict=True))
        self._before = values
        reward = 0.0 if self._goal.reward is None else self._goal.reward.value(of, changes)
        done = 0.0 if self._goal.done is None else self._goal.done.value(of, changes)
        return 0.0 if isnan(reward) else reward, not isnan(done) and bool(done)
