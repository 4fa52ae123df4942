"""Sessions in the formats of other tools, and named addresses too.

`exporters` holds the formats by name. `csv_export` writes the original tool's log; all others write a *dataset*: a
folder with one or more sessions, in which `dataset.json` names everything that went into it. An *episode* is a run of
frame sets without a discontinuity. A *split* (`train`, `validation`, `test`) takes whole sessions or contiguous blocks.

Reading order of the datasets:

* pure: `options` `split` `copies` `buttons` `actions` `pictures` `batch` `columns` (those that all formats have)
  `memory` `recoding` `episodes` `manifest`
* shells: `source` (a session, batch by batch) · `palette_pool` (its screenshots, on threads) · `destination` (files
  whole or not at all)
* `dataset_check`: a dataset against its checksums
* `dataset`: sessions in, dataset out; each format is a subclass of its exporter
* formats: `parquet` with `arrow` (tables) · `hugging_face` with `card` · `lerobot` with `lerobot_features`,
  `lerobot_videos`, `language` and `feature_statistics` · `minari` · `webdataset` · `jsonl` with `windows`; `video` of
  screenshots

`addresses`: named addresses of a game, from tool to tool.
"""

__all__: list[str] = []
