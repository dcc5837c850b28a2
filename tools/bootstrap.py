"""Make a fresh checkout ready 准备环境: virtual environment, pinned packages, the staff client.

Standard library only. Doing it again does nothing and takes a moment. `--tests` also sees to the browser and font.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
WEB = ROOT / "web"
CJK_FONTS = [Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"), Path("/System/Library/Fonts/PingFang.ttc")]


def say(text: str) -> None:
    """One line for the person who waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stop(text: str) -> None:
    """End with one clear sentence."""
    sys.stderr.write(f"{text}\n")
    raise SystemExit(2)


def digest(*files: Path) -> str:
    """The hash of the files' contents and names."""
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run a step; end when it fails."""
    done = subprocess.run(command, cwd=cwd, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        stop(f"步骤失败 / step failed: {' '.join(command[:4])}")


def python_packages() -> None:
    """.venv with exactly the packages of requirements.lock, and the project itself."""
    if sys.version_info < (3, 11):  # noqa: UP036 - runs before anything has checked
        stop(f"需要 Python 3.11 或更高版本，现在是 {sys.version.split()[0]} / Python 3.11+ is needed")
    stamp = VENV / ".huying-lock"
    wanted = digest(ROOT / "requirements.lock", ROOT / "pyproject.toml")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("安装 Python 依赖 / installing Python packages …")
    if not (VENV / "bin" / "python").exists():
        venv.create(VENV, with_pip=True)
    python = str(VENV / "bin" / "python")
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r", "requirements.lock")
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "-e", ".")
    stamp.write_text(wanted)


def client() -> None:
    """web/dist built from web/src, when there is a client and its sources are newer."""
    if not (WEB / "package-lock.json").exists():
        say("没有 web/package-lock.json，跳过客户端 / no client yet, skipped")
        return
    if not shutil.which("npm"):
        stop("需要 Node.js 20 或更高版本（含 npm）/ Node.js 20+ with npm is needed")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if int(version.lstrip("v").split(".")[0] or 0) < 20:
        stop(f"需要 Node.js 20 或更高版本，现在是 {version} / Node.js 20+ is needed")
    stamp = WEB / "node_modules" / ".huying-lock"
    wanted = digest(WEB / "package-lock.json")
    if not stamp.exists() or stamp.read_text() != wanted:
        say("安装客户端依赖 / installing the client's packages …")
        run("npm", "ci", "--no-audit", "--no-fund", cwd=WEB)
        stamp.write_text(wanted)
    sources = sorted(file for file in (WEB / "src").rglob("*") if file.is_file())
    sources += sorted(WEB.glob("*.json")) + sorted(WEB.glob("*.ts")) + sorted(WEB.glob("index.html"))
    built = WEB / "dist" / ".huying-built"
    wanted = digest(*sources)
    if not built.exists() or built.read_text() != wanted:
        say("构建客户端 / building the client …")
        run("npm", "run", "--silent", "build", cwd=WEB)
        built.write_text(wanted)


def browser() -> None:
    """Chromium and a Chinese font for the browser tests; installed as root, otherwise named."""
    missing = []
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        missing.append("chromium")
    if not any(path.exists() for path in CJK_FONTS):
        missing.append("fonts-noto-cjk")
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"安装 / installing {' '.join(missing)} …")
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing)
    else:
        say(f"浏览器测试需要先安装 / browser tests need: {' '.join(missing)}，没有安装时会跳过 / skipped without")


def main() -> None:
    """Do what is missing."""
    parser = argparse.ArgumentParser(description="prepare the checkout")
    parser.add_argument("--tests", action="store_true", help="also see to Chromium and a Chinese font")
    wanted = parser.parse_args()
    python_packages()
    client()
    if wanted.tests:
        browser()


if __name__ == "__main__":
    main()
