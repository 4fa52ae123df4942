"""Jobs made of a session's records."""

import json

from daemon.recording import session_jobs
from daemon.writer.jobs import Append, Journal, content_bytes
from protocol.session.annotations import Annotations, parse_annotations
from protocol.session.event_json import event_json
from protocol.session.events import EventRecord
from protocol.session.integrity import ProofRecord, parse_proof_line
from protocol.session.metadata import metadata_json
from tests.daemon.importing.made import frame_set, metadata, scan

PROOF = ProofRecord(0, 4, "iwram", 0, "AB" * 32)


def test_a_set_is_its_files_and_what_no_file_tells() -> None:
    record = frame_set(3, [scan("iwram", 15, [0x0300_0000])], flaws=("it is odd",))
    job = session_jobs.write_set("run", record, Annotations(context="battle"), (("iwram", 0),))
    assert (job.session, job.number, content_bytes(job.event), job.png) == ("run", 3, event_json(record), record.png)
    assert parse_annotations(content_bytes(job.labels)) == Annotations(context="battle")
    assert (job.flaws, job.rebaselined) == (("it is odd",), (("iwram", 0),))


def test_tags_keep_the_form_of_the_sessions_other_files() -> None:
    labels = Annotations(tags=("boss", "fire"))
    for as_text, tags in ((False, ["boss", "fire"]), (True, "boss, fire")):
        job = session_jobs.write_set("run", frame_set(3), labels, tags_as_text=as_text)
        assert json.loads(content_bytes(job.labels))["tags"] == tags


def test_a_set_without_labels_has_no_file_of_them() -> None:
    assert session_jobs.write_set("run", frame_set(0)).labels == b""


def test_metadata_are_the_same_at_the_beginning_and_later() -> None:
    facts = metadata("run", [0])
    assert session_jobs.open_session(facts).session == session_jobs.write_metadata(facts).session == "run"
    assert session_jobs.open_session(facts).metadata == session_jobs.write_metadata(facts).metadata
    assert content_bytes(session_jobs.open_session(facts).metadata) == metadata_json(facts)


def test_lines_go_to_their_journals() -> None:
    event = session_jobs.append_event("run", EventRecord(1, "mark", 0))
    assert (event.journal, json.loads(content_bytes(event.line))["name"]) == (Journal.EVENTS, "mark")
    proof = session_jobs.append_proof("run", PROOF)
    assert proof == Append("run", Journal.PROOFS, proof.line)
    assert parse_proof_line(content_bytes(proof.line)) == PROOF
