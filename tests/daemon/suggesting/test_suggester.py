"""Suggester: what was asked before is not computed again, what is new is."""

import pytest

from daemon.suggesting import suggester as suggester_module
from daemon.suggesting.label_model import fit_model
from daemon.suggesting.suggester import Suggester
from tests.daemon.suggesting.played import play, read_off


def test_a_model_is_fitted_again_when_labels_change(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = []

    def fit(*given: object) -> object:
        fitted.append(given)
        return fit_model(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(suggester_module, "fit_model", fit)
    played = play(2_160)
    labels = read_off(played.truth, 0.1, 1)
    asked = Suggester()
    first = asked.suggestions(played.history, "context", labels)
    assert asked.suggestions(played.history, "context", list(labels)) is first
    longer = play(2_200)
    more = asked.suggestions(longer.history, "context", [*labels, *[""] * 40])
    assert more.suggestions[-1].last > first.suggestions[-1].last
    assert len(fitted) == 1
    labels = list(labels)
    labels[labels.index("")] = "battle"
    asked.suggestions(played.history, "context", labels)
    asked.suggestions(played.history, "scene", labels)
    assert len(fitted) == 3
    asked.suggestions(play(2_800).history, "context", [*labels, *[""] * 640])
    assert len(fitted) == 4
