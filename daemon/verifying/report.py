"""Report of a verification. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum

from protocol.wording import sentence

__all__ = ["Finding", "Grade", "Report"]


class Grade(IntEnum):
    """Grade of a session, the less it can be trusted the greater.

    A *flaw* is something that is missing by the recording's own account; what is there can be trusted byte for byte.
    *Edited* are labels that another program than gbatrace has written. *Damage* is a file that is not what was
    recorded.
    """

    WHOLE = 0
    EDITED = 1
    FLAWED = 2
    DAMAGED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a session from being whole.

    Args:
        grade: what it makes of the session.
        file: path within the session's folder, with `/`; empty where it is about no file.
        reason: the end of a sentence that begins with the file.
        frame_set_id: the frame set that it is about, if it is about one.
    """

    grade: Grade
    file: str
    reason: str
    frame_set_id: int | None = None

    def __str__(self) -> str:
        """Write it as a sentence."""
        return sentence(f"{self.file or 'The session'} {self.reason}")


@dataclass(slots=True)
class Report:
    """Everything that was found, and how much was compared.

    Args:
        session_id: the session.
        frame_sets: how many frame sets there are.
        changes: how many memory changes.
        screenshots: how many screenshots were unpacked.
        proofs: how many of the emulator's proofs agree with the memory that was rebuilt.
        unproven: how many proofs could not be compared, because not all of that memory is known.
        images: how many memory images agree with the memory that was rebuilt.
        lost: how many frame sets and screenshots were played and are not stored.
        flaws: what keeps frame sets from being whole, as they say themselves, and how often.
        findings: what was found, in the order of the frame sets.
        notes: what cannot be known of the session, sentences.
    """

    session_id: str
    frame_sets: int = 0
    changes: int = 0
    screenshots: int = 0
    proofs: int = 0
    unproven: int = 0
    images: int = 0
    lost: int = 0
    flaws: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def grade(self) -> Grade:
        """The worst of what was found."""
        flawed = Grade.FLAWED if self.flaws else Grade.WHOLE
        return max([flawed, *(finding.grade for finding in self.findings)])

    def flaw(self, file: str, reason: str, number: int | None = None) -> None:
        """Note what the recording itself could not help."""
        self.findings.append(Finding(Grade.FLAWED, file, reason, number))

    def edit(self, file: str, reason: str, number: int | None = None) -> None:
        """Note what another program has written."""
        self.findings.append(Finding(Grade.EDITED, file, reason, number))

    def damage(self, file: str, reason: str, number: int | None = None) -> None:
        """Note what is not as it was recorded."""
        self.findings.append(Finding(Grade.DAMAGED, file, reason, number))
