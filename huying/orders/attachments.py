"""附件: kept once by the hash of their content, below HUYING_HOME; the type is what the content says, not the name."""

import io
import os
import struct
import tempfile
from hashlib import sha256
from pathlib import Path

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from PIL import Image, ImageOps, UnidentifiedImageError

from huying.kernel import clock
from huying.kernel.errors import Forbidden, Invalid, NotFound, Refused, TooLarge

from . import history
from .flow import Actor, State
from .models import Attachment, WorkOrder

IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
EXTENSIONS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf", "audio/mpeg": ".mp3",
    "audio/x-wav": ".wav", "audio/mp4": ".m4a", "video/mp4": ".mp4",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}  # fmt: skip
SAME_ENDING = {".jpg": {".jpg", ".jpeg"}}
NAME_LIMIT = 200
PIXELS = 50_000_000


def attach(order: WorkOrder, file: "UploadedFile[bytes]", *, by: Actor) -> Attachment:
    """上传附件. Errors: TooLarge `file_too_large`, Invalid `file_type` for anything but pictures, PDF, Office, sound, film."""
    if not (by.may("register") or by.may("handle") or by.may("note")):
        raise Forbidden("no_permission", "您没有上传附件的权限")
    if order.state == State.ARCHIVED:
        raise Refused("wrong_state", "工单已归档，不能再上传附件")
    limit = settings.MAX_ATTACHMENT_MB
    if (file.size or 0) > limit * 1024 * 1024:
        raise TooLarge("file_too_large", f"附件不能超过{limit}MB")
    content = file.read()
    guessed = str(filetype.guess_mime(content[:8192]) or "")  # type: ignore[no-untyped-call]  # no types in the package
    if guessed in IMAGES:
        content = without_metadata(content, guessed)
    elif guessed not in EXTENSIONS:
        raise Invalid("file_type", "只能上传图片、PDF、Word、Excel、录音和视频文件")
    digest = sha256(content).hexdigest()
    _keep(content, digest)
    name = _clean_name(file.name or "", EXTENSIONS[guessed])
    with transaction.atomic():
        made = Attachment.objects.create(
            order=order, name=name, mime=guessed, size=len(content), sha256=digest, by_id=by.id, at=clock.now()
        )
        history.record(order, "attached", by=by, told={"name": name})
    return made


def _path(digest: str) -> Path:
    root: Path = settings.ATTACHMENTS
    return root / digest[:2] / digest


def _keep(content: bytes, digest: str) -> None:
    """Store the content once, readable by nobody but the service; whole from the moment it has its name."""
    target = _path(digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, partial = tempfile.mkstemp(dir=target.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(partial).replace(target)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise


def _clean_name(name: str, extension: str) -> str:
    """The last part of what was sent, of characters that can be shown, ending as its content does."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*;%')
    stem = kept.strip(" .")
    ending = Path(stem).suffix.lower()
    if ending in SAME_ENDING.get(extension, {extension}):
        return (
            stem[: NAME_LIMIT - len(ending)] if len(stem) <= NAME_LIMIT else stem[: NAME_LIMIT - len(ending)] + ending
        )
    return (stem or "附件")[: NAME_LIMIT - len(extension)] + extension


def without_metadata(content: bytes, mime: str) -> bytes:
    """The picture drawn anew, upright, without place, device or time in it."""
    try:
        with Image.open(io.BytesIO(content), formats=(IMAGES[mime],)) as picture:
            if picture.width * picture.height > PIXELS:
                raise TooLarge("picture_too_large", "图片太大，请缩小后上传")
            upright = ImageOps.exif_transpose(picture)
            if IMAGES[mime] == "JPEG" and upright.mode not in ("RGB", "L"):
                upright = upright.convert("RGB")
            elif upright.mode == "P":  # its palette is part of what is left behind
                upright = upright.convert("RGBA")
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
            out = io.BytesIO()
            clean.save(out, IMAGES[mime], quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError):
        raise Invalid("file_type", "图片无法读取，可能已损坏") from None
    return out.getvalue()


def download(order: WorkOrder, pk: int) -> FileResponse:
    """下载附件 of an order the person may see, never shown inline by the browser."""
    found = Attachment.objects.filter(order=order, pk=pk).first()
    if found is None:
        raise NotFound("no_such_file", "没有这个附件")
    try:
        stream = _path(found.sha256).open("rb")
    except FileNotFoundError:
        raise NotFound("file_gone", "附件文件不在存储里，请联系系统管理员") from None
    answer = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.mime)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"  # even if a browser should show it
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
