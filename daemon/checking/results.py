"""Results of checks, and their table, for `doctor`, `check` and `play --check`. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.text import Text

__all__ = ["CheckResult", "all_fine", "results_table"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Result of a check: one thing that was looked at.

    Args:
        subject: what it is.
        good: whether it is as it should be.
        text: the result in a sentence; if it is not good, what to do.
        needed: False where gbatrace records without it.
    """

    subject: str
    good: bool
    text: str
    needed: bool = True


def all_fine(results: Iterable[CheckResult]) -> bool:
    """Return whether nothing that is needed is missing."""
    return all(result.good or not result.needed for result in results)


def results_table(results: Sequence[CheckResult]) -> list[Text]:
    """Make lines of sign, subject and sentence, never cut, so that they can be copied."""
    width = max((len(result.subject) for result in results), default=0)
    return [
        Text.assemble(_sign(result), "  ", (result.subject.ljust(width), "bold"), "  ", result.text)
        for result in results
    ]


def _sign(result: CheckResult) -> tuple[str, str]:
    if result.good:
        return ("✓", "green")
    return ("✗", "red") if result.needed else ("–", "yellow")
