"""What the kernel tells of a process, where there is /proc."""

import os
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Megabytes: what lies in memory, and the same with every shared page divided by those who share it."""

    rss: float | None
    pss: float | None


def memory(pid: int) -> Memory:
    place = Path(f"/proc/{pid}")
    return Memory(_megabytes(place / "status", "VmRSS:"), _megabytes(place / "smaps_rollup", "Pss:"))


def cpu_seconds(pid: int | None) -> float | None:
    """Give how long cores have worked for a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(file: Path, name: str) -> float | None:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), None)
