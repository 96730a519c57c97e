"""Run the tests in two processes at once: `python -m tests.side_by_side [arguments for pytest]`.

The tests of faults wait most of their time, for what was killed to come back and for what hangs to be given up; so
some others follow them, until both processes take about as long. Each process has servers of its own. With a path
among the arguments, or on one core, it is one run.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

BESIDE = ("tests/faults", "tests/onebox", "tests/converging", "tests/pages", "tests/unit")
NOTHING_TO_RUN = 5
"""pytest's status where no test was chosen, which is fine for one half."""
_CORES = 2


def main(arguments: Sequence[str]) -> int:
    """Run the tests, and give the worse of the two statuses."""
    command = [sys.executable, "-m", "pytest", *arguments]
    named = any(Path(argument.split("::")[0]).exists() for argument in arguments if not argument.startswith("-"))
    if named or (os.cpu_count() or 1) < _CORES:
        return subprocess.call(command)
    with tempfile.TemporaryFile("w+") as said:
        waiting = subprocess.Popen([*command, "-p", "no:cacheprovider", *BESIDE], stdout=said, stderr=said)
        try:
            status = subprocess.call([*command, *(f"--ignore={folder}" for folder in BESIDE)])
            sys.stdout.write(f"\nThe others are done; waiting for those of {', '.join(BESIDE)} …\n")
            sys.stdout.flush()
            waited = waiting.wait()
        except KeyboardInterrupt:
            waiting.send_signal(signal.SIGINT)
            waiting.wait()
            raise
        _print(said)
    return max(0 if one == NOTHING_TO_RUN else one for one in (status, waited))


def _print(said: IO[str]) -> None:
    said.seek(0)
    for line in said:
        sys.stdout.write(line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
