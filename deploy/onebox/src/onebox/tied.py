"""Become another program that ends when the process that started it ends, however hard.

Called by path as `python -I -S tied.py PARENT PROGRAM ARGUMENT…`, so that no code runs between fork and exec
in a process that already has threads.
"""

import ctypes
import os
import signal
import sys

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in prctl(2)


def main() -> None:
    """Ask the kernel for SIGKILL at the parent's death and execute the program in argv."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL))
    if os.getppid() != parent:  # it died before the kernel was asked
        sys.exit(1)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and the program would inherit that
    os.execvp(program[0], program)  # noqa: S606 - the command comes from onebox itself


if __name__ == "__main__":
    main()
