"""Games to test with, which nothing is tuned on: `drift`, built from its C source whenever it is needed."""

__all__: list[str] = []
