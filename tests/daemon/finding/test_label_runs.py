"""Runs of labels, and the frame sets of them that are looked at."""

import pytest

from daemon.finding.label_runs import LabelledRun, label_samples, labelled_runs


def test_runs_are_equal_labels_one_after_the_other() -> None:
    assert labelled_runs(["", "a", "a", "b", "", "b"]) == [
        LabelledRun(1, 2, "a"),
        LabelledRun(3, 3, "b"),
        LabelledRun(5, 5, "b"),
    ]
    assert labelled_runs([]) == []


def test_samples_leave_out_the_end_of_a_run_that_may_belong_to_the_next() -> None:
    samples = label_samples([LabelledRun(0, 99, "a"), LabelledRun(100, 103, "b"), LabelledRun(104, 104, "a")], 14)
    assert samples.names == ("a", "b")
    assert samples.places[samples.places < 100].max() < 100 - 14
    assert set(samples.places[samples.labels == 1].tolist()) <= {100, 101}
    assert samples.weights.sum() == pytest.approx(3)


def test_many_runs_are_looked_at_here_and_there() -> None:
    runs = [LabelledRun(2 * place, 2 * place, "ab"[place % 2]) for place in range(5000)]
    samples = label_samples(runs, 14)
    assert len(samples) <= 600
    assert (samples.places[0], samples.places[-1]) == (0, 9998)
