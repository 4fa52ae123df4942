"""Goal of a game as `scenario.json` of a stable-retro integration. Pure.

A scenario adds up what variables give and tests them (stable-retro, docs/integration.md; the arithmetic is that of
`Scenario` in src/data.cpp): a value or its change since the step before, perhaps compared with a whole number, times
`reward` where the outcome is positive and times `penalty` where it is negative. A condition is made of such tests, in
nodes of which `any` or `all` must hold. Values are whole numbers as they stand in memory, so scales go into the
coefficients.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

from daemon.analysis.value_types import VALUE_TYPES
from daemon.goals.goals import Expression, Goal
from daemon.names.named_address import NamedAddress
from protocol.errors import ExportError

__all__ = ["Scenario", "write_scenario"]

_OPERATIONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "equal",
    ast.NotEq: "not-equal",
    ast.Lt: "less-than",
    ast.LtE: "less-or-equal",
    ast.Gt: "greater-than",
    ast.GtE: "greater-or-equal",
}
_MIRRORED = {
    "less-than": "greater-than",
    "less-or-equal": "greater-or-equal",
    "greater-than": "less-than",
    "greater-or-equal": "less-or-equal",
}
"""Operations after a multiplication by a negative number."""
_OPPOSITES = {
    "equal": "not-equal",
    "not-equal": "equal",
    "less-than": "greater-or-equal",
    "greater-or-equal": "less-than",
    "greater-than": "less-or-equal",
    "less-or-equal": "greater-than",
}
_PER_FRAME = "stable-retro judges every frame: what is gained for a state, and not for a change, is gained in each."
_NO_LABELS = "`reset_on` is left out: stable-retro knows no labels."

_Word = tuple[str, bool]
"""A name, and whether its change is meant."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario.

    Args:
        document: of `scenario.json`.
        aliases: more identifiers of variables that the reward needs twice, each with the one that it stands for.
        notes: sentences on what is different there.
    """

    document: Mapping[str, Any]
    aliases: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def write_scenario(goal: Goal | None, names: Mapping[str, NamedAddress], identifiers: Mapping[str, str]) -> Scenario:
    """Write a goal as a scenario.

    Args:
        goal: None: nothing is gained, nothing ends.
        names: the goal's names, by name.
        identifiers: what each is called in `data.json`.

    Raises:
        ExportError: a scenario cannot say it; the sentence names the part.
    """
    document: dict[str, Any] = {}
    aliases: dict[str, str] = {}
    notes: list[str] = []
    if goal is not None and goal.done is not None:
        document["done"] = _Writer(goal.done, names, identifiers).condition()
    if goal is not None and goal.reward is not None:
        reward = _Reward(_Writer(goal.reward, names, identifiers))
        document["reward"] = reward.section(aliases, set(identifiers.values()))
        notes += [_PER_FRAME] * reward.is_of_states
    if goal is not None and goal.reset_on is not None:
        notes.append(_NO_LABELS)
    return Scenario(document, aliases, tuple(notes))


@dataclass(slots=True)
class _Linear:
    """Sum of a constant and of multiples of values as they stand in memory."""

    constant: float = 0.0
    terms: dict[_Word, float] = field(default_factory=dict)

    def plus(self, other: "_Linear", factor: float) -> "_Linear":
        terms = dict(self.terms)
        for word, coefficient in other.terms.items():
            terms[word] = terms.get(word, 0.0) + factor * coefficient
        return _Linear(self.constant + factor * other.constant, terms)


@dataclass(frozen=True, slots=True)
class _Test:
    """Comparison of a value with a whole number."""

    word: _Word
    operation: str
    reference: int

    def opposite(self) -> "_Test":
        return _Test(self.word, _OPPOSITES[self.operation], self.reference)

    def spec(self, default: str) -> dict[str, Any]:
        """Return it as a scenario has it.

        Args:
            default: the measurement that is meant where none is given.
        """
        measurement = "delta" if self.word[1] else "absolute"
        operation, reference = self.operation, self.reference
        if not reference and operation in {"equal", "not-equal"}:
            operation = "zero" if operation == "equal" else "nonzero"
        return {
            **({"measurement": measurement} if measurement != default else {}),
            "op": operation,
            **({"reference": reference} if reference else {}),
        }


class _Writer:
    """Writer of an expression."""

    def __init__(
        self, expression: Expression, names: Mapping[str, NamedAddress], identifiers: Mapping[str, str]
    ) -> None:
        self._expression = expression
        self._names = names
        self._identifiers = identifiers

    @property
    def tree(self) -> ast.expr:
        return self._expression.tree

    def identifier(self, word: _Word) -> str:
        return self._identifiers[word[0]]

    def refusal(self, tree: ast.expr, why: str) -> ExportError:
        text = ast.unparse(tree)
        for placeholder, (name, is_change) in sorted(self._expression.words.items(), reverse=True):
            text = text.replace(placeholder, f"{name}.delta" if is_change else name)
        return ExportError(f"A scenario of stable-retro cannot say {text!r} of {self._expression.text!r}: {why}.")

    def linear(self, tree: ast.expr) -> _Linear | None:
        """Return an expression as a sum of multiples; None where it is none."""
        match tree:
            case ast.Constant(value=bool() | int() | float() as value):
                return _Linear(float(value))
            case ast.Name(id=placeholder):
                return self._value(tree, *self._expression.words[placeholder])
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
                found = self.linear(inner)
                return found and _Linear().plus(found, -1 if isinstance(sign, ast.USub) else 1)
            case ast.BinOp(left=left, op=kind, right=right):
                one, other = self.linear(left), self.linear(right)
                if one is None or other is None:
                    return None
                match kind:
                    case ast.Add() | ast.Sub():
                        return one.plus(other, 1 if isinstance(kind, ast.Add) else -1)
                    case ast.Mult() if not one.terms or not other.terms:
                        return _Linear().plus(*((other, one.constant) if not one.terms else (one, other.constant)))
                    case ast.Div() if not other.terms and other.constant:
                        return _Linear().plus(one, 1 / other.constant)
        return None

    def test(self, tree: ast.expr) -> _Test:
        """Return a comparison, or a value that must not be zero, as a test.

        Raises:
            ExportError: it is none that a scenario has.
        """
        operation, found = "not-equal", None
        if isinstance(tree, ast.Compare):
            one, other = self.linear(tree.left), self.linear(tree.comparators[0])
            operation = _OPERATIONS[type(tree.ops[0])]
            found = None if one is None or other is None else one.plus(other, -1)
        else:
            found = self.linear(tree)
        terms = {word: value for word, value in found.terms.items() if value} if found else {}
        if found is None or len(terms) != 1:
            raise self.refusal(tree, "it compares one value, or one change, with a number")
        ((word, coefficient),) = terms.items()
        reference = -found.constant / coefficient
        if coefficient < 0:
            operation = _MIRRORED.get(operation, operation)
        whole = ceil(reference) if operation in {"less-than", "greater-or-equal"} else floor(reference)
        if operation in {"equal", "not-equal"} and whole != reference:
            raise self.refusal(tree, "the value is a whole number in memory and never equal to it")
        return _Test(word, operation, whole)

    def condition(self) -> dict[str, Any]:
        """Return a condition as the `done` section has it."""
        return self._node(self._expression.tree, negated=False)

    def _node(self, tree: ast.expr, *, negated: bool) -> dict[str, Any]:
        match tree:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return self._node(inner, negated=not negated)
            case ast.BoolOp(op=kind, values=parts):
                needs_all = isinstance(kind, ast.And) != negated
                nodes = [self._node(part, negated=negated) for part in parts]
            case _:
                test = self.test(tree)
                test = test.opposite() if negated else test
                return {"variables": {self.identifier(test.word): test.spec("absolute")}}
        # A variable stands in a node once: other tests of it, and other conditions, are nodes of their own.
        variables: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for number, node in enumerate(nodes, 1):
            if node.keys() == {"variables"} and variables.keys().isdisjoint(node["variables"]):
                variables.update(node["variables"])
            else:
                others[f"part{number}"] = node
        return {
            "condition": "all" if needs_all else "any",
            **({"variables": variables} if variables else {}),
            **({"nodes": others} if others else {}),
        }

    def _value(self, tree: ast.expr, name: str, is_change: bool) -> _Linear:  # noqa: FBT001 - a word's two parts
        address = self._names[name]
        kind = VALUE_TYPES[address.type]
        if not kind.is_whole and not kind.fraction_bits:
            raise self.refusal(tree, f"it has no type for a {kind.name}")
        factor = address.scale.factor / (1 << kind.fraction_bits)
        return _Linear(0.0 if is_change else address.scale.offset, {(name, is_change): factor})


class _Reward:
    """Reward as the terms that a scenario adds up."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer
        self._time = 0.0
        self._values: dict[_Word, tuple[float, float]] = {}
        self._tests: list[tuple[_Test, float]] = []
        self._add(writer.tree, 1.0)

    @property
    def is_of_states(self) -> bool:
        """Return whether something is gained without a change."""
        words = [*self._values, *(test.word for test, _ in self._tests)]
        return bool(self._time) or not all(is_change for _, is_change in words)

    def section(self, aliases: dict[str, str], taken: set[str]) -> dict[str, Any]:
        """Return the `reward` section.

        Args:
            aliases: gets an identifier for each variable that stands there already.
            taken: identifiers that there are.
        """
        terms = [
            (word, {**({} if word[1] else {"measurement": "absolute"}), "reward": reward, "penalty": penalty})
            for word, (reward, penalty) in self._values.items()
            if reward or penalty
        ]
        terms += [(test.word, {**test.spec("delta"), "reward": value}) for test, value in self._tests]
        variables: dict[str, Any] = {}
        for word, spec in terms:
            identifier = key = self._writer.identifier(word)
            number = 1
            while key in variables or (key in taken and key != identifier):
                number += 1
                key = f"{identifier}_{number}"
            if key != identifier:
                aliases[key] = identifier
            variables[key] = spec
        return {
            **({"variables": variables} if variables else {}),
            **({"time": {"reward": self._time}} if self._time else {}),
        }

    def _add(self, tree: ast.expr, factor: float) -> None:
        """Add an expression, times a number."""
        writer = self._writer
        if (found := writer.linear(tree)) is not None:
            self._time += factor * found.constant
            for word, coefficient in found.terms.items():
                self._add_value(word, factor * coefficient, factor * coefficient)
            return
        match tree:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as kind, right=right):
                self._add(left, factor)
                self._add(right, factor if isinstance(kind, ast.Add) else -factor)
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as kind, right=right):
                one, other = writer.linear(left), writer.linear(right)
                if other is not None and not other.terms and (isinstance(kind, ast.Mult) or other.constant):
                    self._add(left, factor * other.constant if isinstance(kind, ast.Mult) else factor / other.constant)
                elif one is not None and not one.terms and isinstance(kind, ast.Mult):
                    self._add(right, factor * one.constant)
                else:
                    raise writer.refusal(tree, "it multiplies values by numbers alone")
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=inner):
                self._add(inner, -factor if isinstance(sign, ast.USub) else factor)
            case ast.Call(func=ast.Name(id=function), args=arguments):
                self._add_call(tree, function, arguments, factor)
            case ast.Compare():
                self._tests.append((writer.test(tree), factor))
            case _:
                raise writer.refusal(tree, "it adds up values, changes and comparisons")

    def _add_call(self, tree: ast.expr, function: str, arguments: list[ast.expr], factor: float) -> None:
        found = [self._writer.linear(argument) for argument in arguments]
        values = [each for each in found if each is None or each.terms]
        limits = [each for each in found if each is not None and not each.terms]
        value = values[0] if len(values) == 1 else None
        if value is None or value.constant or len(value.terms) != 1 or any(limit.constant for limit in limits):
            raise self._writer.refusal(tree, f"{function} is for one value, or one change, and 0")
        ((word, coefficient),) = value.terms.items()
        match function, coefficient > 0:
            case "abs", _:
                self._add_value(word, abs(coefficient) * factor, -abs(coefficient) * factor)
            case ("max", True) | ("min", False):
                self._add_value(word, coefficient * factor, 0.0)
            case _:
                self._add_value(word, 0.0, coefficient * factor)

    def _add_value(self, word: _Word, reward: float, penalty: float) -> None:
        before = self._values.get(word, (0.0, 0.0))
        self._values[word] = before[0] + reward, before[1] + penalty
