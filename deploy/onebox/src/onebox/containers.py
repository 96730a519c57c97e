"""Run a server in a container, where a Docker engine answers and testcontainers is installed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from onebox.ports import HOST
from onebox.processes import SetupError

STOP_SECONDS = 15


def docker_answers() -> bool:
    """Tell whether a Docker engine can be asked to run a container."""
    if find_spec("testcontainers") is None:
        return False
    docker: Any = import_module("docker")  # only there with the tools for tests

    try:
        client = docker.from_env(timeout=3)
    except docker.errors.DockerException:
        return False
    try:
        return bool(client.ping())
    except (docker.errors.DockerException, OSError):
        return False
    finally:
        client.close()


class Container:
    """Hold a running container with fixed ports, so that it is found again after a stop and a start."""

    def __init__(self, container: Any) -> None:
        self._container = container

    @classmethod
    async def start(
        cls,
        image: str,
        *,
        ports: dict[int, int],
        volumes: dict[Path, str],
        command: str | None = None,
        hostname: str = "myprofile",
    ) -> Self:
        """Start the image; `ports` maps ours on the loopback interface to the container's."""
        from testcontainers.core.container import (  # noqa: PLC0415 - only there with the tools for tests
            DockerContainer,
        )

        container = DockerContainer(image).with_kwargs(hostname=hostname)
        # Not with_bind_ports: that one listens on every interface
        bound: dict[str, Any] = {str(inside): (HOST, ours) for ours, inside in ports.items()}
        container.ports.update(bound)
        for place, inside in volumes.items():
            place.mkdir(parents=True, exist_ok=True)
            container.with_volume_mapping(str(place), inside, "rw")
        if command:
            container.with_command(command)
        await asyncio.to_thread(container.start)
        return cls(container)

    async def until(self, ready: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
        """Wait until `ready` says so; else remove the container and raise SetupError."""
        deadline = time.monotonic() + seconds
        while not await ready():
            if time.monotonic() > deadline:
                await self.kill()
                raise SetupError(f"The container was not ready within {seconds:.0f} s.")
            await asyncio.sleep(0.1)

    async def stop(self) -> None:
        """Stop the server in order and remove the container; its folders stay."""
        with suppress(Exception):  # already gone is what was wanted
            await asyncio.to_thread(self._container.get_wrapped_container().stop, timeout=STOP_SECONDS)
        await asyncio.to_thread(self._container.stop)

    async def kill(self) -> None:
        """End the container at once and remove it."""
        await asyncio.to_thread(self._container.stop)
