"""Comparison of memory rebuilt from a session's files with the emulator's proofs. Pure."""

from collections.abc import Mapping, Sequence

from daemon.verifying.report import Report
from protocol.errors import DocumentError
from protocol.regions import Region
from protocol.session.flaws import MIRROR_DIFFERED
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName, ProofRecord
from protocol.session.memory import Memory

__all__ = ["MemoryJudge"]


class MemoryJudge:
    """Judge of a session's changes, carried out one frame set after the other.

    Each value before must be the one that the changes before have left; each memory image must be what the changes come
    to; each proof, which the emulator made of its own memory, must agree. Where a chunk was seen anew (after a
    savestate), or a frame set is damaged, memory is not known until the next image.

    Args:
        regions: what was scanned; none where the session does not say it, as one that was imported: there is then
            nothing to compare with.
        proofs: the emulator's proofs, by frame set.
        report: where findings go.
    """

    def __init__(self, regions: Sequence[Region], proofs: Mapping[int, Sequence[ProofRecord]], report: Report) -> None:
        self._knows_regions = bool(regions)
        self._memory = Memory(regions)
        self._proofs = proofs
        self._waiting: list[ProofRecord] = []
        self._report = report

    def invalidate(self) -> None:
        """Know nothing of memory until the next image."""
        self._memory.forget_all()

    def frame_set(self, frame_set: FrameSet, rebaselined: Sequence[ChunkName]) -> None:
        """Carry out the changes of the next frame set.

        Args:
            frame_set: with files that are as they were stored.
            rebaselined: chunks that were seen for the first time or anew in it.
        """
        if not self._knows_regions:
            return
        number = frame_set.frame_set_id
        self.finish()
        self._memory.forget_named(rebaselined)
        proofs = sorted(self._proofs.get(number, ()), key=lambda proof: proof.frame)
        for scan in frame_set.changes:
            while proofs and proofs[0].frame < scan.frame:
                self._compare(proofs.pop(0), frame_set)
            try:
                contradiction = self._memory.apply(scan)
            except DocumentError as error:
                self._report.damage(f"{number}/event.json", f"cannot be true: {error}", number)
                self.invalidate()
                return
            if contradiction is not None:
                reason = f"does not follow from the frame sets before: {contradiction}"
                self._report.damage(f"{number}/event.json", reason, number)
        for proof in proofs:
            self._compare(proof, frame_set)

    def image(self, number: int, file: str, data: bytes) -> None:
        """Compare the memory image after a frame set, and go on from it."""
        try:
            contradictions = self._memory.load_image(data)
        except DocumentError as error:
            self._report.damage(file, f"cannot be true: {error}", number)
            return
        for contradiction in contradictions:
            reason = f"is not what the changes before it come to: {contradiction}"
            self._report.damage(file, reason, number)
        if not contradictions:
            self._report.images += 1
        waiting, self._waiting = self._waiting, []
        for proof in waiting:
            self._judge(proof)

    def finish(self) -> None:
        """Count the proofs for which no image came."""
        self._report.unproven += len(self._waiting)
        self._waiting.clear()

    def _compare(self, proof: ProofRecord, frame_set: FrameSet) -> None:
        """Compare a proof with its chunk, or wait for the next image where that is not known."""
        if self._sha256(proof) is not None:
            if MIRROR_DIFFERED in frame_set.flaws:
                self._memory.forget_named([(proof.region, proof.chunk)])
            else:
                self._judge(proof)
        elif any(
            (scan.region, scan.chunk) == (proof.region, proof.chunk) and scan.frame > proof.frame
            for scan in frame_set.changes
        ):
            self._report.unproven += 1
        else:
            self._waiting.append(proof)

    def _judge(self, proof: ProofRecord) -> None:
        if self._sha256(proof) == proof.sha256:
            self._report.proofs += 1
            return
        number = proof.frame_set_id
        what = f"chunk {proof.chunk} of {proof.region} at frame {proof.frame}"
        self._report.damage(f"{number}/event.json", f"does not lead to what the emulator proved of {what}", number)
        self._memory.forget_named([(proof.region, proof.chunk)])

    def _sha256(self, proof: ProofRecord) -> str | None:
        where = self._memory.find((proof.region, proof.chunk))
        return None if where is None else self._memory.sha256(*where)
