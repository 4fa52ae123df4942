"""Results of checks and their table."""

from daemon.checking.results import CheckResult, all_fine, results_table

GOOD = CheckResult("page", good=True, text="answers at http://127.0.0.1:5000")
MINOR = CheckResult("speed", good=False, text="40 frames a second", needed=False)
BAD = CheckResult("a long subject", good=False, text=f"[b]{'x' * 200}[/b] is missing")


def test_what_is_not_needed_may_be_missing() -> None:
    assert all_fine([GOOD, MINOR])
    assert not all_fine([GOOD, MINOR, BAD])


def test_subjects_are_aligned_and_sentences_stay_whole() -> None:
    assert [line.plain for line in results_table([GOOD, MINOR, BAD])] == [
        "✓  page            answers at http://127.0.0.1:5000",
        "–  speed           40 frames a second",
        f"✗  a long subject  {BAD.text}",
    ]


def test_no_results_are_no_lines() -> None:
    assert results_table([]) == []
