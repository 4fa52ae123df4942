"""Datasets from recorded sessions, in the formats of the libraries that open them.

A *dataset* is a folder with one or more sessions in one *format*; `dataset.json` names everything that went into it.
An *episode* is a run of frame sets without a discontinuity. A *split* (`train`, `validation`, `test`) takes whole
sessions or contiguous blocks.

Reading order:

* pure: `options` `split` `episodes` `buttons` `rows` `columns` `batch` `tally` `windows` `language` `statistics`
  `pictures` `painters` `card` `manifest` `symbols` `stable_retro` `ram_watch`
* shells: `libraries` (what is installed) · `label_set` · `source` (a session, batch by batch) · `destination` (files
  whole or not at all) · `check`
* for formats: `arrow` (tables) · `transitions` and `uniform` (episodes as steps, arrays of one shape)
* formats: `parquet` `hugging_face` `lerobot` `minari` `webdataset` `jsonl`, chosen in `formats`
* `run`: sessions in, dataset out
"""

from daemon.exporting.errors import ExportError
from daemon.exporting.options import DatasetOptions, Progress
from daemon.exporting.run import export_sessions, export_symbols

__all__ = ["DatasetOptions", "ExportError", "Progress", "export_sessions", "export_symbols"]
