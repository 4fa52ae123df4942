"""Seals compared with the files that they are about. Shell: reads, never writes."""

from collections.abc import Iterable, Mapping

from daemon.labels.history import Entry
from daemon.verifying.journals import Journals
from daemon.verifying.report import Report
from protocol.disk import read_file, without_links
from protocol.errors import DocumentError
from protocol.session.integrity import SetChecksum, checksum
from protocol.session.layout import SessionFolder
from protocol.session.metadata import SessionMetadata
from protocol.session.seals import LabelSeal, Seal, check_fits, parse_label_seal, parse_seal

__all__ = ["LabelJudge", "judge_seal"]

_LINES = "has not all of its lines, or others than when it was written"


def judge_seal(
    folder: SessionFolder, metadata: SessionMetadata | None, journals: Journals, report: Report
) -> Seal | None:
    """Judge a session's metadata by their check, and its journals by the seal in them.

    Args:
        folder: the session's folder.
        metadata: what they say; None where they cannot be read or understood.
        journals: what was read.
        report: where findings go.

    Returns:
        The seal; None in a session that is open, or was written by an early version.

    Raises:
        OSError: a file cannot be read.
    """
    if metadata is None:
        return None
    name, data = folder.metadata.name, read_file(without_links(folder.path, folder.metadata))
    match check_fits(data):
        case None if metadata.uuid or journals.are_linked or b'"check"' in data:
            report.damage(name, "lacks the check at its end, or has something after it")
        case None if "gbatrace_version" in metadata.recorder:
            report.notes.append("An early version wrote it: changes of single lines in its journals cannot be known.")
        case False:
            report.damage(name, "is not as it was written: its check is another")
        case True:
            return _judge_links(folder, data, journals, report)
    return None


def _judge_links(folder: SessionFolder, metadata: bytes, journals: Journals, report: Report) -> Seal | None:
    try:
        seal = parse_seal(metadata)
    except DocumentError as error:
        report.damage(folder.metadata.name, f"cannot be understood: {error}")
        return None
    if seal is None:
        return None
    links = {folder.events.name: seal.events, folder.proofs.name: seal.proofs, folder.checksums.name: seal.checksums}
    for name, link in links.items():
        there = (folder.path / name).exists()
        if not there and link:
            report.damage(name, "is missing")
        elif journals.chains[name].link != link:
            report.damage(name, _LINES)
    for name, expected in seal.files.items():
        path = folder.path / name
        if not path.is_file():
            report.damage(name, "is missing")
        elif checksum(read_file(without_links(folder.path, path))) != expected:
            report.damage(name, "is not as it was written: its checksum is another")
    return seal


class LabelJudge:
    """Judge of the labels of frame sets, by what gbatrace wrote last.

    People label with tools of their own as well: what somebody else wrote is reported as edited, not as damage.

    Args:
        folder: the session's folder.
        journals: what was read.
        report: where findings go.

    Raises:
        OSError: a file cannot be read.
    """

    def __init__(self, folder: SessionFolder, journals: Journals, report: Report) -> None:
        self._report = report
        self._expected = _expected(journals.sets, journals.labels)
        self._perhaps = self._judge_history(folder, journals)

    def labels(self, number: int, data: bytes | None) -> None:
        """Judge the `annotations.json` of a frame set; None where there is none."""
        expected = self._expected.get(number)
        there = "" if data is None else checksum(data)
        if expected is None or there in {expected, self._perhaps.get(number, expected)}:
            return
        verb = "removed" if data is None else "changed" if expected else "added"
        self._report.edit(f"{number}/annotations.json", f"was {verb} by another program than gbatrace", number)

    def _judge_history(self, folder: SessionFolder, journals: Journals) -> Mapping[int, str | None]:
        """Judge the history by its seal.

        Returns:
            The hashes of labels before an entry that is not carried out, by frame set.
        """
        name, chain = folder.annotation_history.name, journals.chains[folder.annotation_history.name]
        try:
            seal = parse_label_seal(read_file(without_links(folder.path, folder.annotation_seal)))
        except FileNotFoundError:
            if chain.is_linked:
                self._report.damage(folder.annotation_seal.name, "is missing")
            return {}
        except DocumentError as error:
            self._report.damage(folder.annotation_seal.name, f"cannot be understood: {error}")
            return {}
        if chain.link not in {seal.link, seal.pending or seal.link}:
            self._report.damage(name, _LINES if folder.annotation_history.exists() else "is missing")
        return self._before_the_last(journals, chain.link, seal)

    def _before_the_last(self, journals: Journals, link: str, seal: LabelSeal) -> Mapping[int, str | None]:
        if not seal.pending:
            return {}
        self._report.flaw("", "has labels that are being written, or were when gbatrace was cut off")
        if link != seal.pending or not journals.labels:
            return {}
        return _expected(journals.sets, journals.labels[:-1])


def _expected(sets: Mapping[int, SetChecksum], entries: Iterable[Entry]) -> dict[int, str | None]:
    """Return the hashes of labels as gbatrace wrote them; empty for none, None if not known."""
    expected = {number: line.labels for number, line in sets.items()}
    for entry in entries:
        if entry.kind != "latch":
            expected.update((edit.frame_set_id, edit.file or None) for edit in entry.edits)
    return expected
