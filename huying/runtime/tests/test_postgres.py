"""The embedded server for real: made, shared, left, and what happens after something was killed."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from huying.runtime import postgres
from huying.runtime.faults import CannotStart, DatabaseFault
from huying.runtime.postgres import Server

from .conftest import Spawn, gone, wait_for

USER = """
import sys, time
from pathlib import Path
from huying.runtime import postgres
print(postgres.database_url(Path(sys.argv[1]), fsync=False), flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def home(open_folder: Path) -> Iterator[Path]:
    """A home whose server, if any, is stopped afterwards."""
    folder = open_folder / "home"
    yield folder
    if folder.is_dir():
        postgres.stop(folder)


def ask(server: Server, question: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def joined(home: Path) -> Server:
    server = Server(home)
    server.join(fsync=False)
    return server


def line(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


def postmaster(server: Server) -> int:
    pid = server.running_pid()
    assert pid
    return pid


def test_data_survive_a_restart_and_the_last_user_stops_the_server(home: Path) -> None:
    server = joined(home)
    assert postgres.is_running(home)
    ask(server, "CREATE TABLE kept (n int)")
    ask(server, "INSERT INTO kept VALUES (7)")
    pid = postmaster(server)
    server.leave()
    assert gone(pid)
    assert not postgres.is_running(home)
    again = joined(home)
    assert ask(again, "SELECT n FROM kept") == 7
    assert ask(again, "SELECT current_database()") == "huying"
    again.leave()


def test_the_server_stays_while_another_process_uses_it(home: Path, python: Spawn) -> None:
    other = python(USER, str(home), "60")
    url = line(other)
    server = joined(home)
    assert server.url() == url
    server.leave()
    assert postgres.is_running(home)
    other.send_signal(signal.SIGTERM)
    assert other.wait(20) == 128 + signal.SIGTERM
    assert not postgres.is_running(home)


def test_several_processes_starting_at_once_share_one_server(home: Path, python: Spawn) -> None:
    children = [python(USER, str(home), "1") for _ in range(4)]
    outputs = {child.communicate(timeout=60)[0] for child in children}
    assert outputs == {f"{Server(home).url()}\n"}
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    assert Server(home).log.read_text().count("starting PostgreSQL") == 1
    assert not postgres.is_running(home)


def test_a_server_whose_starter_was_killed_is_adopted_and_stopped(home: Path, python: Spawn) -> None:
    other = python(USER, str(home), "60")
    line(other)
    pid = postmaster(Server(home))
    other.kill()
    other.wait()
    server = joined(home)
    assert postmaster(server) == pid
    server.leave()
    assert gone(pid)


def test_a_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    server = Server(home)
    server.join(fsync=True)  # without it a commit of the last moment is not yet on the disk
    ask(server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) n")
    pid = postmaster(server)
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: gone(pid))
    again = joined(home)
    assert postmaster(again) != pid
    assert ask(again, "SELECT count(*) FROM kept") == 1000
    again.leave()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_a_pid_given_to_another_process_since_the_crash_is_no_server(home: Path, python: Spawn) -> None:
    server = joined(home)
    server.leave()
    stranger = python("import time; time.sleep(60)", cwd="/")
    note = server.data / "postmaster.pid"
    note.write_text(f"{stranger.pid}\n{server.data}\n1\n5432\n{server.run}\n\n\nready\n")
    (server.run / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
    again = joined(home)
    assert postmaster(again) != stranger.pid
    again.leave()
    assert stranger.poll() is None


def test_a_broken_off_first_start_is_begun_again(home: Path) -> None:
    half = home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = joined(home)
    assert ask(server, "SELECT 1") == 1
    assert not half.exists()
    server.leave()


@pytest.mark.parametrize("name", ["含 空格 'quote\" $HOME", "a,b", "x" * 100])
def test_any_name_of_the_home_works(open_folder: Path, name: str) -> None:
    server = joined(open_folder / name)
    assert ask(server, "SELECT 1") == 1
    if not server.by_socket:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url().replace(server.password_file.read_text(), "guess"))
        assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600
    server.leave()


def test_no_folder_that_was_there_is_changed(open_folder: Path) -> None:
    home = open_folder / "outer" / "home"
    home.mkdir(parents=True)
    home.chmod(0o755)
    (open_folder / "outer").chmod(0o751)
    folders = [Path("/tmp"), open_folder, open_folder / "outer", home]
    before = [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in folders]
    server = joined(home)
    server.leave()
    assert [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in folders] == before
    assert stat.S_IMODE(server.run.stat().st_mode) == stat.S_IMODE(server.data.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_root_puts_the_cluster_elsewhere_when_the_server_cannot_enter_the_home(
    open_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    server = Server(closed / "home", refuge=open_folder / "refuge")
    assert server.data.is_relative_to(open_folder / "refuge")
    assert "数据库放在" in capsys.readouterr().err
    server.join(fsync=False)
    assert ask(server, "SELECT 1") == 1
    server.leave()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert Server(closed / "home", refuge=open_folder / "refuge").data == server.data
    assert capsys.readouterr().err == ""
    shutil.rmtree(closed / "home")
    assert Server(closed / "home", refuge=open_folder / "refuge").data != server.data


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_root_uses_a_copy_of_programs_that_the_server_cannot_reach(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    programs = postgres.binaries()
    package = programs.parents[1]
    shutil.copytree(programs.parent, closed / package.name / programs.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, closed / libraries.name, symlinks=True)
    monkeypatch.setattr(postgres, "binaries", lambda: closed / package.name / programs.parent.name / "bin")
    server = Server(open_folder / "home", refuge=open_folder / "refuge")
    server.join(fsync=False)
    assert ask(server, "SELECT 1") == 1
    server.leave()
    assert [entry.name for entry in (open_folder / "refuge").iterdir()] == [Path(server.binary("x")).parents[3].name]


def test_a_cluster_of_another_major_version_is_refused_in_a_sentence(open_folder: Path) -> None:
    data = open_folder / "home" / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(DatabaseFault, match="由 PostgreSQL 15 建立"):
        Server(open_folder / "home").ensure()


def test_errors_in_the_server_log_name_no_values(home: Path) -> None:
    server = joined(home)
    ask(server, "CREATE TABLE people (phone text PRIMARY KEY)")
    ask(server, "INSERT INTO people VALUES ('13900001234')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(server, "INSERT INTO people VALUES ('13900001234')")
    server.leave()
    log = server.log.read_text()
    assert "duplicate key" in log
    assert "13900001234" not in log


def test_a_home_that_cannot_be_written_is_one_sentence_and_code_2(open_folder: Path, python: Spawn) -> None:
    (open_folder / "file").touch()
    child = python(USER, str(open_folder / "file" / "home"), "0")
    output = child.communicate(timeout=20)[0]
    assert child.returncode == 2
    assert "无法写入数据文件夹" in output
    assert "Cannot write to the data folder" in output
    assert "Traceback" not in output


def test_the_database_of_an_address_must_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatabaseFault, match="连不上"):
        postgres.require_version("postgresql://nobody@127.0.0.1:1/none")

    class Old:
        info = SimpleNamespace(server_version=140011)

        def __enter__(self) -> "Old":
            return self

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(psycopg, "connect", lambda *_, **__: Old())
    with pytest.raises(CannotStart, match="PostgreSQL 14，呼应需要 15") as refused:
        postgres.require_version("postgresql://old/none")
    assert "needs 15 or later" in refused.value.english
    Old.info.server_version = 150000
    postgres.require_version("postgresql://new/none")


def test_a_running_server_is_accepted_by_address(home: Path) -> None:
    server = joined(home)
    postgres.require_version(server.url())
    server.leave()


def test_joining_a_running_server_takes_no_time(home: Path) -> None:
    server = joined(home)
    begun = time.monotonic()
    command = [sys.executable, "-c", USER, str(home), "0"]
    subprocess.run(command, check=True, capture_output=True)
    assert time.monotonic() - begun < 5
    assert postgres.is_running(home)
    server.leave()
