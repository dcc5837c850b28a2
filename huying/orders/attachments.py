"""附件: kept once by the hash of their content, below HUYING_HOME; the type is what the content says, not the name."""

import io
from hashlib import sha256
from pathlib import Path

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from PIL import Image, ImageOps, UnidentifiedImageError

from huying.kernel import clock
from huying.kernel.errors import Invalid, NotFound, TooLarge

from . import history
from .flow import Actor
from .models import Attachment, WorkOrder

IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
DOCUMENTS = {
    "application/pdf", "audio/mpeg", "audio/x-wav", "audio/mp4", "video/mp4",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
PIXELS = 50_000_000


def attach(order: WorkOrder, file: "UploadedFile[bytes]", *, by: Actor) -> Attachment:
    """上传附件. Errors: TooLarge `file_too_large`, Invalid `file_type` for anything but pictures, PDF, Office, sound, film."""
    limit = settings.MAX_ATTACHMENT_MB
    if (file.size or 0) > limit * 1024 * 1024:
        raise TooLarge("file_too_large", f"附件不能超过{limit}MB")
    content = file.read()
    guessed = str(filetype.guess_mime(content[:8192]) or "")  # type: ignore[no-untyped-call]  # no types in the package
    if guessed in IMAGES:
        content = without_metadata(content, guessed)
    elif guessed not in DOCUMENTS:
        raise Invalid("file_type", "只能上传图片、PDF、Word、Excel、录音和视频文件")
    digest = sha256(content).hexdigest()
    target: Path = settings.ATTACHMENTS / digest[:2] / digest
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        partial = target.with_suffix(f".{clock.now().timestamp()}")
        partial.write_bytes(content)
        partial.replace(target)
    with transaction.atomic():
        name = Path(file.name or "附件").name[:200]
        made = Attachment.objects.create(
            order=order, name=name, mime=guessed, size=len(content), sha256=digest, by_id=by.id, at=clock.now()
        )
        history.record(order, "attached", by=by, told={"name": name})
    return made


def without_metadata(content: bytes, mime: str) -> bytes:
    """The picture drawn anew, upright, without place, device or time in it."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > PIXELS:
                raise TooLarge("picture_too_large", "图片太大，请缩小后上传")
            upright = ImageOps.exif_transpose(picture)
            if IMAGES[mime] == "JPEG" and upright.mode != "RGB":
                upright = upright.convert("RGB")
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
            out = io.BytesIO()
            clean.save(out, IMAGES[mime], quality=88)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise Invalid("file_type", "图片无法读取，可能已损坏") from None
    return out.getvalue()


def download(order: WorkOrder, pk: int) -> FileResponse:
    """下载附件 of an order the person may see, never shown inline by the browser."""
    found = Attachment.objects.filter(order=order, pk=pk).first()
    if found is None:
        raise NotFound("no_such_file", "没有这个附件")
    path: Path = settings.ATTACHMENTS / found.sha256[:2] / found.sha256
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=found.mime)
