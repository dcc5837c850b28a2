"""The user the embedded server runs as 服务用户: ourselves, or when we are root an ordinary user of our own."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .faults import DatabaseFault

SERVICE_USER = "huying"


@dataclass(frozen=True, slots=True)
class Account:
    """A user and its group, by number."""

    uid: int
    gid: int


def server_account(data: Path) -> Account | None:
    """Whom root hands the server to: the owner of an existing cluster, else the service user; None when we are not root."""
    if os.geteuid() != 0:
        return None
    if data.exists():
        found = data.stat()
        if found.st_uid != 0:
            return Account(found.st_uid, found.st_gid)
    return _service_account()


def _service_account() -> Account:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_USER]
    for attempt in (1, 2):
        try:
            found = pwd.getpwnam(SERVICE_USER)
            return Account(found.pw_uid, found.pw_gid)
        except KeyError:
            if attempt == 1 and shutil.which("useradd"):
                subprocess.run(command, capture_output=True, check=False)
    for name in ("postgres", "nobody"):  # no useradd in a small container
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise DatabaseFault(
        f"数据库不能以 root 运行，而系统中没有也无法建立用户 {SERVICE_USER}：请先建立它，或换普通用户启动",
        f"The database cannot run as root and the user {SERVICE_USER} cannot be made: make it, or start as an ordinary user",
    )


def reachable(path: Path, account: Account | None) -> bool:
    """True when the account may pass through every existing folder down to the path; always for ourselves (None)."""
    return account is None or all(_passes(folder, account) for folder in (path, *path.parents) if folder.exists())


def _passes(folder: Path, account: Account) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == account.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)
