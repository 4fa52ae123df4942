"""Goal of a game: reward and end, declared over named addresses. Pure.

::

    {"reward": "money.delta * 1 + exp.delta * 2", "done": "hp == 0", "reset_on": "scene title"}

An expression has names of memory, `NAME.delta` (the change since the frame set before), numbers, `+ - * /`,
comparisons, `and`, `or`, `not`, `abs`, `min` and `max`. A name that is more than letters, digits, dots and numbers in
brackets stands in quotes. `reset_on` is a label field and its value: while a frame set has it, nobody plays.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from protocol.changes import F64
from protocol.errors import GoalError
from protocol.session.annotations import TEXT_FIELDS, Annotations

__all__ = ["KEYS", "Expression", "Goal", "GoalJudge", "Judged", "parse_goal", "unjudged"]

KEYS = ("reward", "done", "reset_on")
"""Keys of a goal."""

_DELTA = ".delta"
_WORD = re.compile(r"""'[^']*'(?:\.delta)?|"[^"]*"(?:\.delta)?|(?<![\w.])[A-Za-z_]\w*(?:\.\w+|\[\d+\])*""")
_KEYWORDS = frozenset({"and", "or", "not", "abs", "min", "max"})
_BINARY: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_CALLS: Mapping[str, Callable[..., Any]] = {"abs": np.abs, "min": np.minimum, "max": np.maximum}
_ARGUMENTS = {"abs": 1, "min": 2, "max": 2}


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression over named addresses.

    Args:
        text: as it was written.
        tree: as Python parses it, with a placeholder for each name.
        words: the names by placeholder, each with whether its change is meant.
    """

    text: str
    tree: ast.expr
    words: Mapping[str, tuple[str, bool]]

    @property
    def names(self) -> list[str]:
        """The names it needs, each once."""
        return list(dict.fromkeys(name for name, _ in self.words.values()))

    def values(self, of: Mapping[str, F64], changes: Mapping[str, F64]) -> F64:
        """Return its values, shape (n,); NaN where a value that it needs is not known.

        Args:
            of: values by name, shape (n,) each.
            changes: since the frame set before.
        """
        known = {word: (changes if is_change else of)[name] for word, (name, is_change) in self.words.items()}
        count = len(next(iter(of.values()), np.empty(0)))
        try:
            with np.errstate(divide="ignore", invalid="ignore"):
                result = np.broadcast_to(np.asarray(_value(self.tree, known), np.float64), (count,)).copy()
        except ZeroDivisionError:  # A plain number is divided by plain zero.
            return np.full(count, np.nan)
        for column in known.values():
            result[np.isnan(column)] = np.nan
        return result

    def value(self, of: Mapping[str, float], changes: Mapping[str, float]) -> float:
        """Return its value at one moment, as `values` does for many, in a tenth of the time."""
        known = {word: (changes if is_change else of)[name] for word, (name, is_change) in self.words.items()}
        if any(map(math.isnan, known.values())):
            return math.nan
        try:
            return float(_value(self.tree, known))
        except ZeroDivisionError:  # Where numpy goes on with infinity.
            one = ({name: np.array([value]) for name, value in column.items()} for column in (of, changes))
            return float(self.values(*(columns or {"": np.zeros(1)} for columns in one))[0])


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal.

    Args:
        reward: None: always 0.
        done: None: an episode never ends by itself.
        reset_on: label field and value; None: nothing.
        document: as it was declared.
    """

    reward: Expression | None
    done: Expression | None
    reset_on: tuple[str, str] | None
    document: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """The names it needs, each once."""
        both = (expression.names for expression in (self.reward, self.done) if expression is not None)
        return list(dict.fromkeys(name for names in both for name in names))


@dataclass(frozen=True, slots=True)
class Judged:
    """Frame sets under a goal, shape (n,) each.

    Args:
        rewards: gained during each; NaN where that is not known, 0 at an episode's beginning.
        dones: whether the episode is over after each.
        resets: whether nobody plays in each.
        episodes: their episodes, cut where one is over and where nobody plays.
    """

    rewards: F64
    dones: NDArray[np.bool_]
    resets: NDArray[np.bool_]
    episodes: list[int]


class GoalJudge:
    """Judge of a session's frame sets under a goal, batch by batch."""

    def __init__(self, goal: Goal) -> None:
        self._goal = goal
        self._before: tuple[int, F64] | None = None
        self._over = self._reset = False
        self._cuts = 0

    def judge(self, values: F64, episodes: Sequence[int], labels: Sequence[Annotations | None]) -> Judged:
        """Judge the next frame sets.

        Args:
            values: of the goal's names after each, shape (n, k).
            episodes: where play is unbroken.
            labels: of each.
        """
        count, names = len(episodes), self._goal.names
        changes = np.zeros_like(values)
        changes[1:] = values[1:] - values[:-1]
        starts = np.array([True, *(after != before for before, after in pairwise(episodes))])
        if self._before is not None and count and self._before[0] == episodes[0]:
            starts[0] = False
            changes[0] = values[0] - self._before[1]
        starts = starts[:count]
        changes[starts] = 0
        of = {name: values[:, place] for place, name in enumerate(names)} or {"": np.zeros(count)}
        by = {name: changes[:, place] for place, name in enumerate(names)}
        rewards = np.zeros(count) if self._goal.reward is None else self._goal.reward.values(of, by)
        dones = np.zeros(count, bool)
        if self._goal.done is not None:
            dones = np.nan_to_num(self._goal.done.values(of, by)) != 0
        resets = np.array([self._is_reset(item) for item in labels], bool)
        found: list[int] = []
        for place, episode in enumerate(episodes):
            if place or self._before is not None:
                is_cut = (self._over or bool(resets[place]) != self._reset) and not starts[place]
                self._cuts += is_cut
                if is_cut:
                    rewards[place] = 0
            found.append(episode + self._cuts)
            self._over, self._reset = bool(dones[place]), bool(resets[place])
        if count:
            self._before = episodes[-1], values[-1]
        return Judged(rewards, dones, resets, found)

    def _is_reset(self, labels: Annotations | None) -> bool:
        if self._goal.reset_on is None or labels is None:
            return False
        field, value = self._goal.reset_on
        return bool(getattr(labels, field) == value)


def unjudged(episodes: Sequence[int]) -> Judged:
    """Return frame sets of a dataset without a goal: nothing is gained, nothing ends."""
    count = len(episodes)
    return Judged(np.zeros(count), np.zeros(count, bool), np.zeros(count, bool), list(episodes))


def parse_goal(document: object, names: Collection[str], where: str) -> Goal:
    """Read a goal.

    Args:
        document: as in JSON.
        names: the names of memory that there are.
        where: what holds it, for errors.

    Raises:
        GoalError: it is none, or has a name that there is not.
    """
    if not isinstance(document, dict) or not all(isinstance(value, str) for value in document.values()):
        raise GoalError(f"The goal in {where} must be an object of texts, with any of {', '.join(KEYS)}.")
    unknown = [key for key in document if key not in KEYS]
    if unknown or not document:
        raise GoalError(f"The goal in {where} may hold {', '.join(KEYS)}, not {', '.join(unknown) or 'nothing'}.")
    expressions = {
        key: _expression(document[key], names, f"`{key}` of the goal in {where}") if key in document else None
        for key in ("reward", "done")
    }
    reset_on = None
    if "reset_on" in document:
        field, _, value = document["reset_on"].partition(" ")
        if field not in TEXT_FIELDS or not value.strip():
            raise GoalError(
                f"`reset_on` of the goal in {where} must be a label field and a value, such as `scene title`; "
                f"there are {', '.join(TEXT_FIELDS)}."
            )
        reset_on = field, value.strip()
    return Goal(expressions["reward"], expressions["done"], reset_on, document)


def _expression(text: str, names: Collection[str], where: str) -> Expression:
    words: dict[str, tuple[str, bool]] = {}

    def placed(match: re.Match[str]) -> str:
        word = match[0]
        if word in _KEYWORDS:
            return word
        is_change = word.endswith(_DELTA) and word not in names
        name = word.removesuffix(_DELTA) if is_change else word
        name = name[1:-1] if name[0] in "'\"" else name
        if name not in names:
            near = get_close_matches(name, names, 1)
            hint = f"; is {near[0]!r} meant?" if near else "."
            raise GoalError(f"{where} has {name!r}, which is no name of memory of these games{hint}")
        key = f"v{len(words)}"
        words[key] = name, is_change
        return key

    try:
        tree = ast.parse(_WORD.sub(placed, text).strip(), mode="eval").body
        _check(tree)
    except (SyntaxError, ValueError):
        raise GoalError(f"{where} cannot be read: {text!r}.") from None
    return Expression(text, tree, words)


def _check(tree: ast.expr) -> None:
    """Make sure that `_value` knows all of an expression; raises ValueError."""
    match tree:
        case ast.Constant(value=bool() | int() | float()) | ast.Name():
            pass
        case ast.BinOp(left=left, op=kind, right=right) if type(kind) in _BINARY:
            _check(left)
            _check(right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=inner):
            _check(inner)
        case ast.Compare(left=left, ops=[kind], comparators=[right]) if type(kind) in _BINARY:
            _check(left)
            _check(right)
        case ast.BoolOp(values=values):
            for value in values:
                _check(value)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if _ARGUMENTS.get(name) == len(arguments):
            for argument in arguments:
                _check(argument)
        case _:
            raise ValueError(ast.dump(tree))


def _value(tree: ast.expr, known: Mapping[str, Any]) -> Any:
    match tree:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=word):
            return known[word]
        case ast.BinOp(left=left, op=kind, right=right):
            return _BINARY[type(kind)](_value(left, known), _value(right, known))
        case ast.Compare(left=left, ops=[kind], comparators=[right]):
            return _BINARY[type(kind)](_value(left, known), _value(right, known))
        case ast.UnaryOp(op=kind, operand=inner):
            value = _value(inner, known)
            return (
                np.logical_not(value) if isinstance(kind, ast.Not) else -value if isinstance(kind, ast.USub) else value
            )
        case ast.BoolOp(op=kind, values=values):
            join = np.logical_and if isinstance(kind, ast.And) else np.logical_or
            return join.reduce(np.broadcast_arrays(*(_value(value, known) for value in values)))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _CALLS[name](*(_value(argument, known) for argument in arguments))
    raise AssertionError(ast.dump(tree))
