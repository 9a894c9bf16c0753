"""Whether a report is there from its first byte to its last, as programs of others read it."""

import csv
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile


def is_whole(name: str, data: bytes) -> bool:
    """Whether a report of this format is complete.

    Args:
        name: the format.
        data: the file.
    """
    try:
        return _READERS[name](data)
    except (ValueError, ET.ParseError, BadZipFile, csv.Error, KeyError, IndexError):
        return False


def _json(data: bytes) -> bool:
    return isinstance(json.loads(data), dict | list)


def _jsonl(data: bytes) -> bool:
    lines = [json.loads(line) for line in data.splitlines()]
    return data.endswith(b"\n") and [lines[0]["kind"], lines[-1]["kind"]] == ["head", "run"]


def _junit(data: bytes) -> bool:
    return ET.fromstring(data).tag == "testsuites"  # noqa: S314  # our own


def _csv(data: bytes) -> bool:
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    return data.endswith(b"\r\n") and len({len(row) for row in rows}) == 1


def _xlsx(data: bytes) -> bool:
    return ZipFile(BytesIO(data)).testzip() is None


def _tap(data: bytes) -> bool:
    lines = data.decode().splitlines()
    points = [line for line in lines if line.startswith(("ok ", "not ok "))]
    ends = lines[-1] == f"1..{len(points)}" or lines[-1].startswith("Bail out!")
    return data.endswith(b"\n") and lines[0].startswith("TAP version") and ends


def _markdown(data: bytes) -> bool:
    return data.startswith(b"#") and data.endswith(b"\n")


_READERS: dict[str, Callable[[bytes], bool]] = {
    "json": _json,
    "jsonl": _jsonl,
    "junit": _junit,
    "sarif": _json,
    "csv": _csv,
    "xlsx": _xlsx,
    "gitlab": _json,
    "tap": _tap,
    "oscal": _json,
    "markdown": _markdown,
}
