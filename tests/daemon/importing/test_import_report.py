"""Report of an import, in sentences."""

from daemon.importing.import_report import MAX_EXAMPLES, ImportReport
from daemon.importing.log_rows import Fault


def test_findings_are_counted_and_the_first_places_named() -> None:
    report = ImportReport("run")
    for line in range(1, 6):
        report.reject(Fault("log.csv", line, "it is odd", ""))
    report.reject(Fault("log.csv", 9, "it is rare", ""))
    report.flaws["it has no screenshot of its own"] = 1200
    report.refuse("snapshots/7.png", "it is no screenshot")
    report.flaws["it is no screenshot"] = 1
    report.note("A header was skipped", "log.csv:1")
    report.note("The moon is full")
    assert (report.clean, ImportReport().clean) == (False, True)
    assert list(report.lines()) == [
        "5 lines left out: it is odd (log.csv:1, log.csv:2, log.csv:3, …)",
        "1 line left out: it is rare (log.csv:9)",
        "1 file left out: it is no screenshot (snapshots/7.png)",
        "1,200 frame sets: it has no screenshot of its own",
        "A header was skipped (log.csv:1)",
        "The moon is full",
    ]
    told = report.as_map()
    assert told["refused"] == {"it is no screenshot": 1}
    assert told["rejected"] == {"it is odd": 5, "it is rare": 1}
    assert len(told["examples"]["it is odd"]) == MAX_EXAMPLES
