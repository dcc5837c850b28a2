"""The leash 随父进程结束: `python -m huying.runtime.leash PARENT COMMAND...` becomes the command, and where the system can
(Linux) it is told to stop when its supervisor is killed outright, so that no server is left holding a port."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie() -> None:
    """Ask the kernel for SIGTERM when the parent ends; kept through exec. Other systems have no such thing."""
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        except (OSError, AttributeError):
            sys.stderr.write("prctl: unavailable\n")  # the supervisor's own stopping does not depend on it


def main(parent: int, command: list[str]) -> None:
    """Become the command, unless the parent has ended before the leash was tied."""
    tie()
    if os.getppid() != parent:
        sys.exit(0)
    try:
        os.execvp(command[0], command)
    except OSError as fault:
        sys.exit(f"{command[0]}: {fault.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
