"""Requests per second, next to those of a bare server in the same round."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from onebox.processes import TIED
from tests.bench.proc import cpu_seconds

CONNECTIONS = 32


class WrongAnswerError(Exception):
    """Say which answers were not what is measured."""


@dataclass
class Target:
    """What is asked for, and what each round gave."""

    name: str
    port: int
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    rounds: list[dict[str, Any]] = field(default_factory=list)
    cpu: Counter[str] = field(default_factory=Counter)

    def median(self, figure: str) -> float:
        return median(each[figure] for each in self.rounds)

    def ratios(self, yardstick: "Target") -> list[float]:
        """Give how many answers came for one of the yardstick's, for each round."""
        pairs = zip(self.rounds, yardstick.rounds, strict=True)
        return [own["per_second"] / bare["per_second"] for own, bare in pairs]

    def core_ms(self, *processes: str) -> float | None:
        """Give the milliseconds that a core worked in these processes for one request."""
        if not set(processes) <= set(self.cpu):
            return None
        return sum(self.cpu[name] for name in processes) / sum(each["answers"] for each in self.rounds) * 1000


async def run_rounds(targets: Sequence[Target], *, rounds: int, seconds: float, pids: Mapping[str, int | None]) -> None:
    """Ask all targets in each round, in turns from the first on and from the last on."""
    for number in range(rounds):
        for target in targets if number % 2 == 0 else reversed(targets):
            before = {name: cpu_seconds(pid) for name, pid in pids.items()}
            target.rounds.append(await _asked(target, seconds))
            for name, pid in pids.items():
                if (then := before[name]) is not None and (now := cpu_seconds(pid)) is not None:
                    target.cpu[name] += now - then


async def warm_up(targets: Sequence[Target]) -> None:
    """Ask all targets for a moment, so that nothing is done for the first time while it is measured."""
    for target in targets:
        await _asked(target, 0.5)


async def _asked(target: Target, seconds: float) -> dict[str, Any]:
    client = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(TIED), str(os.getpid()), sys.executable, "-m", "tests.bench.client"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    told = {
        "port": target.port,
        "path": target.path,
        "headers": dict(target.headers),
        "connections": CONNECTIONS,
        "seconds": seconds,
    }
    try:
        said, _ = await client.communicate(json.dumps(told).encode())
    finally:
        if client.returncode is None:
            client.kill()
            await client.wait()
    assert client.returncode == 0, f"the client of {target.name} ended with {client.returncode}"
    figures: dict[str, Any] = json.loads(said)
    if figures["wrong"]:
        raise WrongAnswerError(f"{target.name}, beside {figures['answers']} answers in all: {figures['wrong']}")
    return figures
