"""A real RabbitMQ of our own on the loopback interface, without the Erlang port mapper."""

import asyncio
import os
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

from onebox.containers import Container, docker_answers
from onebox.ports import HOST, port_or_free
from onebox.processes import ServerProcess, SetupError, prepare_folder
from onebox.rabbitmq_folder import environment, find_rabbitmq, streams_are_kept
from onebox.rabbitmq_log import check_definitions, check_syntax, declares_streams, streams_are_open

READY_SECONDS = 90
GREETING = b"AMQP\x00\x00\x09\x01"  # the protocol header of AMQP 0-9-1
IMAGE = "rabbitmq:3.13"


class RabbitMQ:
    """Hold a running RabbitMQ; `pause` and `resume` make outages that keep its data and its port."""

    def __init__(
        self, base_url: str, server: ServerProcess | Container | None, *, folder: Path, definitions: Path | None
    ) -> None:
        self._base_url, self._server = base_url, server
        self._folder, self._definitions = folder, definitions

    @classmethod
    async def start(cls, folder: Path, *, port: int | None = None, definitions: Path | None = None) -> Self:
        """Start one whose data stays in `folder`, unless AMQP_URL names one; SetupError when none can be had.

        `definitions` is a JSON file that the broker itself loads at every start; with it there is no user but
        those that it declares, without it there is guest.
        """
        if given := os.environ.get("AMQP_URL"):
            return cls(given, None, folder=folder, definitions=definitions)
        folder = prepare_folder(folder)
        rabbit = cls(f"amqp://{HOST}:{port_or_free(port)}/", None, folder=folder, definitions=definitions)
        await rabbit.resume()
        return rabbit

    @property
    def port(self) -> int:
        """Give the port on which it takes AMQP 0-9-1."""
        return urlsplit(self._base_url).port or 5672

    @property
    def pid(self) -> int | None:
        """Give the process id, None when the server is not a process of ours."""
        return self._server.pid if isinstance(self._server, ServerProcess) else None

    def url(self, user: str = "guest", password: str = "guest") -> str:  # noqa: S107 - RabbitMQ's own default
        """Give the address for one user; one given by AMQP_URL keeps its own for the user guest."""
        parts = urlsplit(self._base_url)
        if parts.username and user == "guest":
            return self._base_url
        place = parts.netloc.rpartition("@")[2]
        signed = f"{quote(user, safe='')}:{quote(password, safe='')}@{place}"
        return urlunsplit(parts._replace(netloc=signed))

    async def stop(self) -> None:
        """Stop the broker in order; nothing happens to one that was given."""
        if self._server is not None:
            await self._server.stop()

    async def kill(self) -> None:
        """End the broker at once, as a power cut would; nothing happens to one that was given."""
        if self._server is not None:
            await self._server.kill()

    async def pause(self) -> None:
        """Begin an outage: stop the broker, keep data and port."""
        await self.stop()

    async def resume(self) -> None:
        """Start the broker on its data and port, and wait until it takes clients with its definitions loaded."""
        if self._definitions is not None:
            check_syntax(self._definitions)
        scripts = find_rabbitmq()
        if scripts is not None:
            settings = environment(scripts, self._folder, self.port, self._definitions)
            command = ["/bin/sh", str(scripts / "rabbitmq-server")]
            self._server = await ServerProcess.start("rabbitmq", command, self._folder, environment=settings)
        elif docker_answers():
            self._server = await self._start_container()
        else:
            raise SetupError("There is no RabbitMQ: set AMQP_URL or install rabbitmq-server.")
        # Listeners start after the definitions are loaded, so who is greeted finds everything declared
        await self._server.until(lambda: _greets(self.port), seconds=READY_SECONDS)
        if isinstance(self._server, ServerProcess):
            await self._settle(self._server)

    async def _settle(self, server: ServerProcess) -> None:
        async def open_again() -> bool:
            return await asyncio.to_thread(streams_are_open, server.log)

        async def kept() -> bool:
            return await asyncio.to_thread(streams_are_kept, self._folder)

        await server.until(open_again, seconds=READY_SECONDS)
        if self._definitions is not None:
            try:
                check_definitions(self._definitions, server.log)
            except SetupError:
                await server.kill()
                raise
            if declares_streams(self._definitions):
                await server.until(kept, seconds=READY_SECONDS)

    async def _start_container(self) -> Container:
        config = self._folder / "container.conf"
        self._folder.mkdir(parents=True, exist_ok=True)
        lines = ["loopback_users = none"]
        volumes = {self._folder / "container": "/var/lib/rabbitmq", config: "/etc/rabbitmq/conf.d/50-onebox.conf"}
        if self._definitions is not None:
            lines.append("load_definitions = /etc/rabbitmq/definitions.json")
            volumes[self._definitions.resolve()] = "/etc/rabbitmq/definitions.json"
        config.write_text("\n".join([*lines, ""]))
        (self._folder / "container").mkdir(exist_ok=True)
        return await Container.start(IMAGE, ports={self.port: 5672}, volumes=volumes)


async def _greets(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    try:
        writer.write(GREETING)
        frame = await asyncio.wait_for(reader.readexactly(11), 5)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False
    finally:
        writer.close()
    return frame[7:11] == b"\x00\x0a\x00\x0a"  # Connection.Start
