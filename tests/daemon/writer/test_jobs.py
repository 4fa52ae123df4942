"""Jobs and reports of the writer, across a stream of bytes."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.writer.jobs import (
    Abandon,
    Append,
    Claim,
    Close,
    Job,
    JobReader,
    Journal,
    Open,
    RefreshMetadata,
    ReportReader,
    Sync,
    WriteMemory,
    WriteMetadata,
    WriteSet,
    job_bytes,
    report_bytes,
)

JOBS: list[Job] = [
    Claim("run"),
    Open("run", b"{}\n"),
    WriteMetadata("run", b"{}\n"),
    RefreshMetadata("run", b"{}\n"),
    WriteSet("run", 7, b"{}", b"\x89PNG", b"", ("it is odd",), (("iwram", 0), ("ewram", 4))),
    WriteMemory("run", 7, bytes(1000)),
    Append("run", Journal.PROOFS, b"{}\n"),
    Abandon("run", "it could not be made"),
    Close("run"),
    Close("run", discard=True),
    Sync(),
]


def test_every_job_is_here() -> None:
    assert {type(job) for job in JOBS} == set(get_args(Job))


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("job", JOBS)
def test_a_job_arrives_as_it_was_given(job: Job, again: bool) -> None:
    assert list(JobReader().receive_data(job_bytes(job, again=again))) == [(job, again)]


@given(st.lists(st.sampled_from(JOBS)), st.integers(1, 50))
def test_the_stream_may_come_in_pieces_of_any_length(jobs: list[Job], length: int) -> None:
    stream = b"".join(map(job_bytes, jobs))
    reader = JobReader()
    pieces = [stream[at : at + length] for at in range(0, len(stream), length)]
    assert [job for piece in pieces for job, _ in reader.receive_data(piece)] == jobs


def test_reports_come_one_behind_the_other() -> None:
    stream = report_bytes("a", "") + report_bytes("b", "The disk is full.") + report_bytes("", "", "A log lags.")
    reader = ReportReader()
    heard = [*reader.receive_data(stream[:5]), *reader.receive_data(stream[5:])]
    assert heard == [("a", "", ""), ("b", "The disk is full.", ""), ("", "", "A log lags.")]


def test_a_job_may_be_larger_than_anything_that_comes_from_outside() -> None:
    ((job, _),) = JobReader().receive_data(job_bytes(WriteMemory("run", 0, bytes(200 << 20))))
    assert isinstance(job, WriteMemory)
    assert len(job.image) == 200 << 20
