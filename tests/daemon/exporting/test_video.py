"""Videos hold every screenshot pixel for pixel."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from daemon.exporting.video import H264, HEVC, KEYFRAMES, VideoCodec, VideoWriter
from protocol.errors import ExportError
from protocol.session.screenshots import pixels
from tests.daemon.exporting.recordings import screenshot

FPS = 12


def decoded(video: Path | io.BytesIO) -> list[tuple[float, np.ndarray]]:
    """Decode a video: the time and the pixels of each frame."""
    with av.open(video if isinstance(video, io.BytesIO) else str(video), "r") as container:
        stream = container.streams.video[0]
        return [(float(frame.time), frame.to_ndarray(format="rgb24")) for frame in container.decode(stream)]


def noise(seed: int, size: tuple[int, int]) -> bytes:
    """Paint a screenshot of noise, the worst that can be compressed."""
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("codec", [H264, HEVC])
@pytest.mark.parametrize("size", [(160, 240), (35, 33)])
def test_every_frame_is_its_screenshot(tmp_path: Path, size: tuple[int, int], codec: VideoCodec) -> None:
    pngs = [noise(seed // 2, size) for seed in range(30)]
    video = VideoWriter(tmp_path / "video.partial", FPS, codec)
    for png in pngs:
        video.add(png)
    video.close()
    frames = decoded(tmp_path / "video.partial")
    assert video.frames == len(frames) == len(pngs)
    for place, ((time, image), png) in enumerate(zip(frames, pngs, strict=True)):
        assert time == pytest.approx(place / FPS)
        assert np.array_equal(image, pixels(png))


@pytest.mark.parametrize("codec", [H264, HEVC])
def test_each_frame_is_found_by_its_time(tmp_path: Path, codec: VideoCodec) -> None:
    pngs = [screenshot(number, (64, 48)) for number in range(40)]
    video = VideoWriter(tmp_path / "video.mp4", FPS, codec)
    for png in pngs:
        video.add(png)
    video.close()
    for place, png in enumerate(pngs):
        with av.open(str(tmp_path / "video.mp4"), "r") as container:  # As LeRobot's decode_video_frames_pyav does.
            stream = container.streams.video[0]
            assert stream.time_base is not None
            container.seek(round(place / FPS / stream.time_base) - 1, backward=True, stream=stream)
            frames = enumerate(container.decode(stream), 1)
            count, frame = next((count, frame) for count, frame in frames if frame.time >= place / FPS)
            assert frame.time == pytest.approx(place / FPS)
            assert count <= KEYFRAMES + 1
            assert np.array_equal(frame.to_ndarray(format="rgb24"), pixels(png))


@pytest.mark.parametrize("codec", [H264, HEVC])
def test_a_video_in_memory_is_the_same_each_time(codec: VideoCodec) -> None:
    made = []
    for _ in range(2):
        buffer = io.BytesIO()
        video = VideoWriter(buffer, FPS, codec)
        for number in range(5):
            video.add(screenshot(number))
        video.close()
        made.append(buffer.getvalue())
    assert made[0] == made[1]


def test_a_size_that_the_codec_does_not_take_is_refused(tmp_path: Path) -> None:
    video = VideoWriter(tmp_path / "video.partial", FPS, HEVC)
    with pytest.raises(ExportError, match="2x2 pixels cannot be a video"):
        video.add(screenshot(1, (2, 2)))
    video.close()


def test_a_screenshot_of_another_size_is_refused(tmp_path: Path) -> None:
    video = VideoWriter(tmp_path / "video.partial", FPS)
    video.add(screenshot(1))
    with pytest.raises(ExportError, match="is 12x8 pixels, others are 24x16"):
        video.add(screenshot(1, (12, 8)))
    video.close()
