"""The port of the export formats."""

import pytest

from daemon.exporting.csv_export import CsvExporter
from daemon.exporting.registry import EXPORTERS, find_exporter
from protocol.errors import SettingsError


def test_a_format_is_found_by_its_name() -> None:
    assert isinstance(find_exporter("csv"), CsvExporter)


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_has_an_exporter_and_says_what_it_is(name: str) -> None:
    assert callable(find_exporter(name).export)
    assert EXPORTERS[name]


def test_an_unknown_format_is_answered_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"There is no format 'xls'; there are csv, parquet"):
        find_exporter("xls")


def test_a_format_of_addresses_is_answered_with_its_command() -> None:
    with pytest.raises(SettingsError, match=r"wch is made of named addresses.*gbatrace symbols FILE --format wch"):
        find_exporter("wch")
