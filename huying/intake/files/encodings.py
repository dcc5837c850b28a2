"""编码: UTF-8 with or without BOM, or GB18030; strictly decided, and a byte that fits none stays visible.

Undecodable bytes become lone surrogates (PEP 383) so that the row they stand in can be told from the others.
"""

import re
from pathlib import Path

from .table import FileUnusable

BOM = b"\xef\xbb\xbf"
SAMPLE_BYTES = 1024 * 1024
CHUNK = 1024 * 1024
UNDECODABLE = re.compile("[\udc80-\udcff]")
WISHES = {"auto": "", "utf-8": "utf-8", "utf8": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}


def detect(path: Path, wish: str = "auto") -> str:
    """utf-8-sig or gb18030. Errors: FileUnusable `encoding_unknown` when most lines are neither.

    The sample is the first megabyte from the first byte above 127 on. A text in GB18030 is hardly ever right UTF-8 by
    chance, the other way round it often is; so UTF-8 wins when it fits at least half of the lines.
    """
    if wish not in WISHES:
        raise FileUnusable("encoding_unknown", f"不认识的编码“{wish}”，可选 auto、utf-8、gb18030")
    if WISHES[wish]:
        return "utf-8-sig" if WISHES[wish] == "utf-8" else "gb18030"
    with path.open("rb") as stream:
        if stream.read(3) == BOM:
            return "utf-8-sig"
        stream.seek(0)
        sample = b""
        while chunk := stream.read(CHUNK):
            if not chunk.isascii():
                sample = chunk + stream.read(SAMPLE_BYTES) + stream.readline(CHUNK)
                break
    if not sample:
        return "utf-8-sig"
    lines = [line for line in re.split(b"[\r\n]+", sample) if not line.isascii()]
    for encoding, name in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030")):
        if 2 * sum(_fits(line, encoding) for line in lines) >= len(lines):
            return name
    raise FileUnusable("encoding_unknown", "文件编码无法识别（既不是 UTF-8 也不是 GB18030），请另存为“CSV UTF-8”")


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
