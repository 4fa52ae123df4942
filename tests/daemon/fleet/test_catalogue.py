from io import BytesIO

import pandas
import pytest

from daemon.fleet.catalogue import misfits, read_catalogue, write_catalogue
from daemon.fleet.plan import PlannedSession
from tests.daemon.fleet.rows import row


def test_the_catalogue_reads_as_it_was_written() -> None:
    rows = [row("b", bytes=7, path="b"), row("a", seed=2**32 - 1)]
    assert read_catalogue(write_catalogue(rows)) == [rows[1], rows[0]]
    assert read_catalogue(write_catalogue([])) == []


def test_other_tools_read_it() -> None:
    table = pandas.read_parquet(BytesIO(write_catalogue([row("a"), row("b", frames=50)])))
    assert table.groupby("policy").frames.sum().to_dict() == {"random": 150}


def test_what_is_no_catalogue_is_told() -> None:
    with pytest.raises(ValueError, match="Parquet"):
        read_catalogue(b"nothing of the kind")


def test_sessions_of_another_length_or_seed_do_not_fit() -> None:
    planned = [PlannedSession(number, name, 1, 100) for number, name in enumerate("abcd")]
    rows = [row("a"), row("b", frames=50), row("c", seed=2), row("z")]
    assert misfits(planned, rows) == ["b", "c"]
