"""Folders and ports checked before anything starts 启动检查: each fault becomes one sentence, not a traceback."""

import errno
import os
import socket
import tempfile
from pathlib import Path

from .accounts import Account
from .faults import CannotStart


def unwritable(folder: Path, fault: OSError) -> CannotStart:
    """The sentence for a folder in which nothing can be made."""
    return CannotStart(
        f"无法写入数据文件夹 {folder}（{fault.strerror}）：请修改它的权限，或用 HUYING_HOME 另选一个文件夹",
        f"Cannot write to the data folder {folder} ({fault.strerror}): fix its permissions or choose another by HUYING_HOME",
    )


def require_writable(folder: Path) -> None:
    """Make the folder when absent and prove that a file can be written in it. Errors: CannotStart."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"huying")
    except OSError as fault:
        raise unwritable(folder, fault) from None


def make_folder(folder: Path, *, mode: int, account: Account | None = None) -> None:
    """Make one folder with this mode for this account; an existing one is left exactly as it is. Errors: CannotStart."""
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        return
    except OSError as fault:
        raise unwritable(folder, fault) from None
    os.chmod(folder, mode)  # mkdir's mode is cut by the umask; the folder is ours, made one line up
    if account:
        os.chown(folder, account.uid, account.gid)


def require_free_port(host: str, port: int, setting: str = "HUYING_PORT") -> None:
    """Prove that host:port can be listened on; nothing keeps it afterwards. Errors: CannotStart naming the setting."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        raise CannotStart(
            f"不认识地址 {host}：请检查 HUYING_HOST", f"Unknown address {host}: check HUYING_HOST"
        ) from None
    except OSError as fault:
        raise _port_fault(host, port, setting, fault) from None


def _port_fault(host: str, port: int, setting: str, fault: OSError) -> CannotStart:
    if fault.errno == errno.EADDRINUSE:
        return CannotStart(
            f"端口 {port} 已被别的程序占用：请停掉那个程序，或用 {setting} 另选端口（例如 {setting}={port + 100 if port < 65000 else 8100}）",
            f"Port {port} is in use by another program: stop it, or choose another port by {setting}",
        )
    if fault.errno == errno.EACCES:
        return CannotStart(
            f"没有权限使用端口 {port}：请用 {setting} 选 1024 以上的端口",
            f"No permission to listen on port {port}: choose one above 1024 by {setting}",
        )
    return CannotStart(
        f"无法在 {host}:{port} 上提供服务（{fault.strerror}）：请检查 HUYING_HOST 和 {setting}",
        f"Cannot listen on {host}:{port} ({fault.strerror}): check HUYING_HOST and {setting}",
    )
