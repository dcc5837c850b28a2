"""附件 over HTTP: decided by content, cleaned of what is not the picture, kept once, given back as a file."""

import io
import stat
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from huying.orders.models import Attachment, WorkOrder
from tests.city import Desk

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    settings.ATTACHMENTS = tmp_path / "attachments"
    return Path(settings.ATTACHMENTS)


@pytest.fixture
def number(desk: Desk) -> str:
    return str(desk.register()["number"])


def send(
    desk: Desk, number: str, content: bytes, name: str = "照片.jpg", who: str = "operator", kind: str = "image/jpeg"
) -> Any:
    return Client(raise_request_exception=False).post(
        f"/api/v1/orders/{number}/attachments", {"file": SimpleUploadedFile(name, content, kind)},
        headers={"Authorization": f"Bearer {desk.token(who)}"},
    )  # fmt: skip


def fetch(desk: Desk, url: str, who: str = "operator") -> Any:
    return Client().get(url, headers={"Authorization": f"Bearer {desk.token(who)}"})


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode == "P" else None).save(out, kind, **more)
    return out.getvalue()


def photograph() -> bytes:
    """A picture as a telephone takes it: upside down, with place, time and device."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F], exif[0x0110] = "Maker", "Model-12345"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 15.0, 40.0), 3: "E", 4: (108.0, 56.0, 30.0)})
    return picture(exif=exif, comment=b"taken by somebody")


def test_a_photograph_loses_place_time_and_device(desk: Desk, number: str) -> None:
    original = photograph()
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    answer = send(desk, number, original)
    assert answer.status_code == 201, answer.content
    kept = content_of(fetch(desk, answer.json()["url"]))
    shown = Image.open(io.BytesIO(kept))
    assert not dict(shown.getexif())
    assert not shown.getexif().get_ifd(0x8825)
    assert "comment" not in shown.info
    for trace in (b"Model-12345", b"Exif", b"somebody"):
        assert trace not in kept
    assert shown.size == (40, 60), "upright"


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("JPEG", "image/jpeg")])
def test_pictures_of_each_kind(desk: Desk, number: str, kind: str, mime: str) -> None:
    answer = send(desk, number, picture(kind) + b"<script>alert(1)</script>")
    assert (answer.status_code, answer.json()["mime"]) == (201, mime)
    assert b"script" not in content_of(fetch(desk, answer.json()["url"])), "what hangs on behind is gone"


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "P"), ("PNG", "LA"), ("PNG", "RGBA"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_pictures_of_each_way_to_hold_colours(desk: Desk, number: str, kind: str, mode: str) -> None:
    assert send(desk, number, picture(kind, mode)).status_code == 201


def test_the_colours_of_a_palette_stay(desk: Desk, number: str) -> None:
    drawn = Image.new("RGB", (20, 20), (200, 30, 40)).convert("P", palette=Image.Palette.ADAPTIVE)
    out = io.BytesIO()
    drawn.save(out, "PNG")
    kept = content_of(fetch(desk, send(desk, number, out.getvalue()).json()["url"]))
    assert Image.open(io.BytesIO(kept)).convert("RGB").getpixel((5, 5)) == (200, 30, 40)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SVG, "图.svg"), (SVG, "图.jpg"), (HTML, "页.html"), (HTML, "页.jpg"), (b"MZ" + b"\0" * 200, "程序.jpg"),
        (b"#!/bin/sh\necho", "脚本.pdf"), (b"", "空.jpg"), (b"PK\x03\x04" + b"\0" * 60, "包.zip"), (b"GIF89a" + b"\0" * 30, "动图.gif"),
        (b"\x7fELF" + b"\0" * 60, "x.png"), (b"text", "文.txt"), (b"\xff\xd8\xff\xe0" + b"\0" * 50, "坏.jpg"),
        (picture()[:200], "断.jpg"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "坏.png"), (b"%!PS", "a.pdf"),
    ],
)  # fmt: skip
def test_the_content_decides_not_the_name(desk: Desk, number: str, store: Path, content: bytes, name: str) -> None:
    answer = send(desk, number, content, name)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_type")
    assert not Attachment.objects.exists()
    assert not [file for file in store.rglob("*") if file.is_file()]


def bomb(width: int, height: int) -> bytes:
    """A few hundred bytes that say they are a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("size", "status", "code"), [((8000, 8000), 413, "picture_too_large"), ((60000, 60000), 422, "file_type")]
)
def test_a_picture_that_would_fill_the_memory(
    desk: Desk, number: str, size: tuple[int, int], status: int, code: str
) -> None:
    answer = send(desk, number, bomb(*size), "大图.png")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_files_above_the_limit(desk: Desk, number: str, settings: Any) -> None:
    settings.MAX_ATTACHMENT_MB = 1
    answer = send(desk, number, PDF + b"\0" * (1024 * 1024), "大.pdf")
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert "1MB" in answer.json()["detail"]


def test_no_file_at_all(desk: Desk, number: str) -> None:
    headers = {"Authorization": f"Bearer {desk.token('operator')}"}
    for body in ({}, {"other": SimpleUploadedFile("a.pdf", PDF)}, {"file": "not a file"}):
        answer = Client().post(f"/api/v1/orders/{number}/attachments", body, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"field": "file", "sentence": "必填"}]
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=y",
        "multipart/form-data; boundary=é",
        "multipart/mixed",
    ):
        broken = Client(raise_request_exception=False).generic(
            "POST", f"/api/v1/orders/{number}/attachments", b"--x\r\nnonsense", content_type=kind, headers=headers
        )
        assert broken.status_code in (400, 422), kind
        assert broken.headers["Content-Type"] == "application/problem+json", kind


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("报告.pdf", "报告.pdf"), ("../../etc/passwd", "passwd.pdf"), ("C:\\文件\\a.PDF", "a.PDF"), ("a.pdf\r\nX-Evil: 1", "a.pdfX-Evil 1.pdf"),
        ("page.html", "page.html.pdf"), ('a"b<c>|d.pdf', "abcd.pdf"), ("", "附件.pdf"), ("\u202efdp.exe", "fdp.exe.pdf"), (" . .pdf", "pdf.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)  # fmt: skip
def test_names_are_cleaned(desk: Desk, sent: str, kept: str) -> None:
    from huying.orders import attachments
    from huying.orders.reading import SYSTEM

    order = WorkOrder.objects.get(number=desk.register()["number"])
    file: Any = SimpleUploadedFile("x", PDF)
    file._name = sent  # what Django's parser lets through is less; the rule does not rely on it
    assert attachments.attach(order, file, by=SYSTEM).name == kept


def test_the_same_content_is_kept_once_and_privately(desk: Desk, number: str, store: Path) -> None:
    other = str(desk.register()["number"])
    urls = [
        send(desk, each, PDF, name).json()["url"]
        for each, name in ((number, "一.pdf"), (number, "二.pdf"), (other, "三.pdf"))
    ]
    files = [file for file in store.rglob("*") if file.is_file()]
    assert len(files) == 1
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
    assert [content_of(fetch(desk, url)) for url in urls] == [PDF] * 3


def test_a_file_is_given_back_as_a_file(desk: Desk, number: str) -> None:
    answer = fetch(desk, send(desk, number, PDF, "现场 报告.pdf").json()["url"])
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E7%8E%B0")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_it_stands_in_the_history_and_on_the_order(desk: Desk, number: str) -> None:
    send(desk, number, PDF, "报告.pdf")
    shown = desk.call("dispatcher", "get", f"/orders/{number}")[1]["attachments"]
    assert [(item["name"], item["mime"], item["size"]) for item in shown] == [("报告.pdf", "application/pdf", len(PDF))]
    events = desk.call("dispatcher", "get", f"/orders/{number}/events")[1]["items"]
    assert events[-1]["kind"] == "attached"
    assert {"label": "文件", "value": "报告.pdf"} in events[-1]["lines"]


def test_who_does_not_see_the_order_sees_no_file(desk: Desk, number: str) -> None:
    url = send(desk, number, PDF, "报告.pdf").json()["url"]
    assert fetch(desk, url, "handler").status_code == 404
    assert send(desk, number, PDF, "x.pdf", who="handler").status_code == 404
    other = str(desk.register()["number"])
    assert fetch(desk, url.replace(number, other)).status_code == 404, "a file of another order"
    assert send(desk, number, PDF, "x.pdf", who="analyst").json()["code"] == "no_permission"
    assert Client().get(url).status_code == 401


def test_an_archived_order_takes_no_more_files(desk: Desk, number: str) -> None:
    WorkOrder.objects.filter(number=number).update(state="archived")
    assert send(desk, number, PDF, "x.pdf").json()["code"] == "wrong_state"


def test_a_file_lost_from_the_store_is_said_so(desk: Desk, number: str, store: Path) -> None:
    url = send(desk, number, PDF, "x.pdf").json()["url"]
    for file in store.rglob("*"):
        if file.is_file():
            file.unlink()
    answer = fetch(desk, url)
    assert (answer.status_code, answer.json()["code"]) == (404, "file_gone")
