from daemon.verifying.report import Finding, Grade, Report


def test_a_session_is_as_good_as_the_worst_of_what_was_found() -> None:
    report = Report("evening-run")
    grades = [report.grade]
    report.flaws["it has no screenshot of its own"] += 1
    grades.append(report.grade)
    report.damage("5/event.json", "is missing", 5)
    report.flaw("", "was cut off")
    grades.append(report.grade)
    assert grades == [Grade.WHOLE, Grade.FLAWED, Grade.DAMAGED]


def test_a_finding_alone_makes_a_session_flawed() -> None:
    report = Report("evening-run")
    report.flaw("7", "was lost", 7)
    assert (report.grade, report.findings) == (Grade.FLAWED, [Finding(Grade.FLAWED, "7", "was lost", 7)])


def test_a_finding_is_a_sentence() -> None:
    assert str(Finding(Grade.DAMAGED, "5/5.png", "is missing", 5)) == "5/5.png is missing."
    assert str(Finding(Grade.FLAWED, "", "was cut off")) == "The session was cut off."
