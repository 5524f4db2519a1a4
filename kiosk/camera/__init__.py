"""The camera's room: where frames come from, and what codes they show. It knows no pass and no desk."""

from __future__ import annotations

import os

# OpenCV reads these once, when it is first imported.
# Media Foundation otherwise takes ten seconds and more to open a webcam on some Windows laptops.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
# What is wrong with a stream or a video is our sentence to say, not a library's on stderr.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
# Seconds a read may hang before the camera counts as lost; the default is ten.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
