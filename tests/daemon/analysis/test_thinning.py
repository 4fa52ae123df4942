import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daemon.analysis.thinning import thinned

values = st.lists(st.integers(-9, 9) | st.none(), min_size=1, max_size=300)


@given(values, st.integers(5, 60))
def test_no_more_points_stay_than_asked_for_and_every_peak_does(heights: list[int | None], most: int) -> None:
    curve = np.array([np.nan if height is None else height for height in heights], np.float64)
    kept = thinned(np.arange(len(curve), dtype=np.int32), curve, most)
    assert len(kept) <= most
    assert (np.diff(kept) > 0).all()
    if not np.isnan(curve).all():
        assert np.nanmax(curve[kept]) == np.nanmax(curve)
        assert np.nanmin(curve[kept]) == np.nanmin(curve)
    assert np.isnan(curve[kept]).any() == np.isnan(curve).any()
    assert kept[0] == 0
    assert kept[-1] == len(curve) - 1
