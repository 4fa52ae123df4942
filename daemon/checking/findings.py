"""Findings about this machine, and their table, for `doctor` and `check`. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.text import Text

__all__ = ["Finding", "all_fine", "findings_table"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

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


def all_fine(findings: Iterable[Finding]) -> bool:
    """Return whether nothing that is needed is missing."""
    return all(finding.good or not finding.needed for finding in findings)


def findings_table(findings: Sequence[Finding]) -> list[Text]:
    """Make lines of sign, subject and sentence, never cut, so that they can be copied."""
    width = max((len(finding.subject) for finding in findings), default=0)
    return [
        Text.assemble(_sign(finding), "  ", (finding.subject.ljust(width), "bold"), "  ", finding.text)
        for finding in findings
    ]


def _sign(finding: Finding) -> tuple[str, str]:
    if finding.good:
        return ("✓", "green")
    return ("✗", "red") if finding.needed else ("–", "yellow")
