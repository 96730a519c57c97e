"""Examples that are repeatable: each runs on a loop of its own, whose time passes as soon as everybody waits for it."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings

Result = TypeVar("Result")


def steadily(*, examples: int) -> Callable[[Any], Any]:
    """Try so many examples: in CI the same ones each time, elsewhere new ones; those that fail are kept."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=bool(os.environ.get("CI")),
        print_blob=True,
        phases=[phase for phase in Phase if phase is not Phase.explain],  # it takes longer than a test may
        suppress_health_check=[HealthCheck.too_slow],  # other machines' speed is no fault
    )


class _Hasty(asyncio.SelectorEventLoop):
    """A loop that waits for nothing: where all wait for a moment, it is that moment.

    So the pauses of a store that tries again cost nothing, and come in the same order each time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._moment = 0.0

    def time(self) -> float:
        return self._moment

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self._moment = max(self._moment, self._scheduled[0].when())
        super()._run_once()


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run what touches nothing outside this process."""
    with asyncio.Runner(loop_factory=_Hasty) as runner:
        return runner.run(work)
