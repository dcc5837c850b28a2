"""Make a fresh checkout ready 准备环境: virtual environment, pinned packages, the staff client.

Standard library only. Doing it again does nothing and takes a moment. `--tests` also sees to the browser and font.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
WEB = ROOT / "web"
NOT_SOURCES = {"node_modules", "dist", "dev"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NODE = (20, 19)
SHOWN = 4000


def say(text: str) -> None:
    """One line for the person who waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stop(text: str) -> None:
    """End with one clear sentence."""
    sys.stderr.write(f"{text}\n")
    raise SystemExit(2)


def digest(files: Iterable[Path], *also: str) -> str:
    """The hash of the files' places and contents, and of what else matters."""
    found = hashlib.sha256("\0".join(also).encode())
    for file in sorted(files):
        found.update(f"\0{file.relative_to(ROOT).as_posix()}\0".encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def fresh(stamp: Path, wanted: str) -> bool:
    """True when the step that leaves this stamp has been done for exactly this."""
    return stamp.exists() and stamp.read_text() == wanted


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run a step; when it fails, show what it said and end. Its output is of no use to anybody otherwise."""
    done = subprocess.run(
        command, cwd=cwd, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode("utf-8", "replace")[-SHOWN:])
        stop(f"步骤失败 / step failed: {' '.join(command[:6])}")


def make_venv() -> None:
    """A new .venv. Debian and Ubuntu keep the part that installs pip in a package of its own."""
    import venv

    try:
        import ensurepip  # noqa: F401 - only whether it is there
    except ImportError:
        package = f"python3.{sys.version_info.minor}-venv"
        if not apt_install(package):
            stop(f"请先安装 {package} 再试，例如 sudo apt install {package} / install {package} first")
    shutil.rmtree(VENV, ignore_errors=True)
    # in a process of its own: what was just installed is not seen by this one
    run(sys.executable, "-m", venv.__name__, str(VENV))


def python_packages() -> None:
    """.venv with exactly the packages of requirements.lock, and the project itself."""
    if sys.version_info < (3, 11):  # noqa: UP036 - runs before anything has checked
        stop(
            f"需要 Python 3.11 或更高版本，现在是 {sys.version.split()[0]} / Python 3.11+ is needed, use make PYTHON=…"
        )
    # a moved checkout holds the old place in every script of its .venv
    place = f"{ROOT}:{sys.version_info.major}.{sys.version_info.minor}"
    kind, stamp = VENV / ".huying-place", VENV / ".huying-lock"
    wanted = digest([ROOT / "requirements.lock", ROOT / "pyproject.toml"], place)
    python = VENV / "bin" / "python"
    if fresh(stamp, wanted) and python.exists():
        return
    say("安装 Python 依赖 / installing Python packages …")
    if not python.exists() or not fresh(kind, place):
        make_venv()
        kind.write_text(place)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    run(*pip, "--require-hashes", "-r", "requirements.lock")
    run(*pip, "--no-build-isolation", "-e", ".")
    stamp.write_text(wanted)


def require_node() -> None:
    """Node.js is there and new enough."""
    version = ""
    if shutil.which("npm") and shutil.which("node"):
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = [int(part) for part in version.lstrip("v").split(".")[:2] if part.isdigit()]
    if tuple(numbers) < NODE:
        wanted = ".".join(map(str, NODE))
        found = f"，现在是 {version}" if version else "（含 npm）"
        stop(f"需要 Node.js {wanted} 或更高版本{found} / Node.js {wanted}+ with npm is needed")


def client_sources() -> list[Path]:
    """Every file that the built client depends on."""
    found = []
    for entry in WEB.iterdir():
        if entry.name in NOT_SOURCES:
            continue
        found += [entry] if entry.is_file() else [file for file in entry.rglob("*") if file.is_file()]
    return found


def client() -> None:
    """web/dist built from its sources, when there is a client and something changed."""
    if not (WEB / "package-lock.json").exists():
        say("没有 web/package-lock.json，跳过客户端 / no client yet, skipped")
        return
    stamp, built = WEB / "node_modules" / ".huying-lock", WEB / "dist" / ".huying-built"
    packages = digest([WEB / "package-lock.json", WEB / "package.json"])
    sources = digest(client_sources())
    if fresh(stamp, packages) and fresh(built, sources):
        return
    require_node()
    if not fresh(stamp, packages):
        say("安装客户端依赖 / installing the client's packages …")
        run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=WEB)
        stamp.write_text(packages)
    say("构建客户端 / building the client …")
    run("npm", "run", "--silent", "build", cwd=WEB)
    built.write_text(sources)


def apt_install(*packages: str) -> bool:
    """Install system packages when we are root on Debian or Ubuntu; False when that cannot be done here."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"安装 / installing {' '.join(packages)} …")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        with tempfile.TemporaryFile() as log:
            done = subprocess.run(
                ["apt-get", "-q", *command], check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )  # fmt: skip
            if done.returncode:
                log.seek(0)
                say(log.read().decode("utf-8", "replace")[-800:])
                return False
    return True


def chinese_font() -> bool:
    """True when the system can draw Chinese."""
    if Path("/System/Library/Fonts/PingFang.ttc").exists():
        return True
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def browser() -> None:
    """Chromium and a Chinese font for the browser tests; installed as root, otherwise named."""
    missing = [] if any(shutil.which(name) for name in BROWSERS) else ["chromium"]
    if not chinese_font():
        missing += ["fontconfig", "fonts-noto-cjk"]
    if missing and not apt_install(*missing):
        names = " ".join(missing)
        say(f"浏览器测试需要先安装 {names}（例如 sudo apt install {names}），没有时会跳过并报出个数")
        say(f"The browser tests need {names}; without them they are skipped and counted")


def main() -> None:
    """Do what is missing."""
    parser = argparse.ArgumentParser(description="prepare the checkout")
    parser.add_argument("--tests", action="store_true", help="also see to Chromium and a Chinese font")
    wanted = parser.parse_args()
    try:
        python_packages()
        client()
        if wanted.tests:
            browser()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
