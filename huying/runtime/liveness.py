"""Which processes live 存活: a pid alone may have been given to another process since, so it is kept with its start time."""

import os
from pathlib import Path

PROC = Path("/proc")


def alive(pid: int) -> bool:
    """True while a process of this pid exists and is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _stat(pid)[:1] != ["Z"]


def started(pid: int) -> str:
    """When the process started, in the kernel's own ticks; empty where the system does not tell (no /proc)."""
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 else ""


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, which may itself hold spaces and brackets."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def within(folder: Path, pid: int) -> bool | None:
    """True when the process works in this folder, False when it cannot be, None when the system does not tell."""
    try:
        owner = (PROC / str(pid)).stat().st_uid
        name = (PROC / str(pid) / "comm").read_text().strip()
    except FileNotFoundError:
        return False if PROC.is_dir() else None
    if owner != folder.stat().st_uid:
        return False
    try:
        return Path(os.readlink(PROC / str(pid) / "cwd")) == folder.resolve()
    except FileNotFoundError:  # ended meanwhile, or a zombie
        return False
    except PermissionError:  # root of a container may not look into another user's process
        return None if name == "postgres" else False


def any_within(folder: Path) -> bool | None:
    """True while any process works in this folder (every PostgreSQL process works in its data folder), None: unknown."""
    if not PROC.is_dir():
        return None
    found = {within(folder, int(entry.name)) for entry in PROC.iterdir() if entry.name.isdigit()}
    return True if True in found else None if None in found else False


class Users:
    """The register of processes that use something shared: one file per pid, stale ones ignored and removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def join(self, pid: int) -> None:
        """Note that the process uses it."""
        (self.folder / str(pid)).write_text(started(pid), "ascii")

    def leave(self, pid: int) -> None:
        """Note that the process no longer uses it."""
        (self.folder / str(pid)).unlink(missing_ok=True)

    def living(self) -> list[int]:
        """The registered processes that still live."""
        found = []
        for entry in self.folder.iterdir() if self.folder.is_dir() else ():
            if not entry.name.isdigit():
                continue
            pid = int(entry.name)
            try:
                same = entry.read_text("ascii") in {"", started(pid)}
            except FileNotFoundError:
                continue
            if same and alive(pid):
                found.append(pid)
            else:
                entry.unlink(missing_ok=True)
        return found
