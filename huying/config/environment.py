"""设置: every HUYING_* environment variable, typed, read once. Documented in .env.example (a test holds them together)."""

import contextlib
import difflib
import math
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from huying.runtime.faults import CannotStart

Mode = Literal["demo", "development", "production", "test"]


class SettingError(CannotStart):
    """A setting that cannot be understood; the message names the variable and what it accepts."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of this process."""

    mode: Mode
    home: Path
    host: str
    port: int
    stream_port: int
    public_stream_url: str
    database_url: str | None
    lake_url: str
    secret_key: str
    master_key: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    web_workers: int
    log_level: str
    demo_speed: float
    demo_seed: int
    max_attachment_mb: int
    metrics_token: str
    unknown: tuple[str, ...]


NAMES = (
    "MODE", "HOME", "HOST", "PORT", "STREAM_PORT", "PUBLIC_STREAM_URL", "DATABASE_URL", "LAKE_URL", "SECRET_KEY",
    "SECRET_KEY_FILE", "MASTER_KEY", "MASTER_KEY_FILE", "ALLOWED_HOSTS", "TRUSTED_ORIGINS", "WEB_WORKERS", "LOG_LEVEL",
    "DEMO_SPEED", "DEMO_SEED", "MAX_ATTACHMENT_MB", "METRICS_TOKEN",
)  # fmt: skip
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def read(variables: Mapping[str, str]) -> Environment:
    """Understand the variables, or raise SettingError naming the one that is wrong."""

    def value(name: str, default: str = "") -> str:
        return variables.get(f"HUYING_{name}", "").strip() or default

    def whole(name: str, default: int, low: int, high: int) -> int:
        text = value(name, str(default))
        if not (text.isascii() and text.removeprefix("-").isdigit()) or not low <= int(text) <= high:
            raise SettingError(
                f"HUYING_{name} 须为{low}到{high}之间的整数，现在是“{text}”",
                f"HUYING_{name} must be a whole number from {low} to {high}",
            )
        return int(text)

    def listed(name: str, default: str) -> tuple[str, ...]:
        return tuple(item.strip() for item in value(name, default).split(",") if item.strip())

    mode = value("MODE", "development")
    if mode not in get_args(Mode):
        choices = "/".join(get_args(Mode))
        raise SettingError(f"HUYING_MODE 须为 {choices}，现在是“{mode}”", f"HUYING_MODE must be one of {choices}")
    home = Path(value("HOME", ".huying")).expanduser().absolute()
    port = whole("PORT", 8000, 1, 65535)
    stream_port = whole("STREAM_PORT", min(port + 1, 65535), 1, 65535)
    speed = math.nan
    with contextlib.suppress(ValueError):  # not a number is refused below, like nan itself
        speed = float(value("DEMO_SPEED", "60"))
    if not 0 < speed < math.inf:
        raise SettingError("HUYING_DEMO_SPEED 须为大于 0 的数字", "HUYING_DEMO_SPEED must be a number above 0")
    level = value("LOG_LEVEL", "INFO").upper()
    if level not in LEVELS:
        raise SettingError(
            f"HUYING_LOG_LEVEL 须为 {'/'.join(LEVELS)}", f"HUYING_LOG_LEVEL must be one of {'/'.join(LEVELS)}"
        )
    return Environment(
        mode=mode,  # type: ignore[arg-type]  # checked against the literal two lines up
        home=home,
        host=value("HOST", "127.0.0.1"),
        port=port,
        stream_port=stream_port,
        public_stream_url=value("PUBLIC_STREAM_URL"),
        database_url=value("DATABASE_URL") or None,
        lake_url=value("LAKE_URL"),
        secret_key=value("SECRET_KEY") or _from_file(value("SECRET_KEY_FILE")) or _kept(home, "secret_key", mode),
        master_key=value("MASTER_KEY") or _from_file(value("MASTER_KEY_FILE")) or _kept(home, "master_key", mode),
        allowed_hosts=listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]"),
        trusted_origins=listed("TRUSTED_ORIGINS", f"http://127.0.0.1:{port},http://localhost:{port}"),
        web_workers=whole("WEB_WORKERS", 2, 1, 64),
        log_level=level,
        demo_speed=speed,
        demo_seed=whole("DEMO_SEED", 12345, 0, 2**31),
        max_attachment_mb=whole("MAX_ATTACHMENT_MB", 20, 1, 200),
        metrics_token=value("METRICS_TOKEN"),
        unknown=tuple(sorted(_unknown(variables))),
    )


def _unknown(variables: Mapping[str, str]) -> list[str]:
    known = {f"HUYING_{name}" for name in NAMES}
    found = []
    for name in variables:
        if name.startswith("HUYING_") and name not in known:
            near = difflib.get_close_matches(name, known, 1)
            found.append(f"{name}（不认识的设置{'，是不是 ' + near[0] if near else ''}）")
    return found


def _from_file(path: str) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as fault:
        raise SettingError(f"读不了密钥文件 {path}（{fault.strerror}）", f"Cannot read the key file {path}") from None


def _kept(home: Path, name: str, mode: str) -> str:
    """A secret made once for a laptop and kept in the data folder; production must bring its own."""
    if mode == "production":
        return ""
    file = home / "secrets" / name
    try:
        if not file.exists():
            _make(file)
        return file.read_text("ascii").strip()
    except OSError as fault:
        raise SettingError(
            f"无法读写 {file}（{fault.strerror}）：请修改权限，或用 HUYING_HOME 另选数据文件夹",
            f"Cannot read or write {file}: fix its permissions or choose another data folder by HUYING_HOME",
        ) from None


def _make(file: Path) -> None:
    """A new secret, complete from the moment it has its name: of two processes starting at once, the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, made = tempfile.mkstemp(dir=file.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32))
    with contextlib.suppress(FileExistsError):  # the other process was first
        os.link(made, file)
    Path(made).unlink()


@cache
def environment() -> Environment:
    """The settings of this process, read once from its environment."""
    return read(os.environ)
