"""A real RabbitMQ of our own on the loopback interface, without the Erlang port mapper."""

import asyncio
import os
import re
import shutil
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

from onebox.containers import Container, docker_answers
from onebox.ports import HOST, free_port, port_or_free
from onebox.processes import ServerProcess, SetupError

READY_SECONDS = 90
GREETING = b"AMQP\x00\x00\x09\x01"  # the protocol header of AMQP 0-9-1
IMAGE = "rabbitmq:3.13"
KNOWN_VERSION = "3.10."  # Debian 12's, for which the short list of plugins is tried
PLACES = ("/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin", "/opt/rabbitmq*/sbin", "/opt/homebrew/opt/rabbitmq/sbin")


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
        folder = folder.resolve()
        if given := os.environ.get("AMQP_URL"):
            return cls(given, None, folder=folder, definitions=definitions)
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
        scripts = find_rabbitmq()
        if scripts is not None:
            environment = _prepare(scripts, self._folder, self.port, self._definitions)
            command = ["/bin/sh", str(scripts / "rabbitmq-server")]
            self._server = await ServerProcess.start(
                "rabbitmq", command, self._folder, environment=environment
            )
        elif docker_answers():
            self._server = await self._start_container()
        else:
            raise SetupError("There is no RabbitMQ: set AMQP_URL or install rabbitmq-server.")
        # Listeners start after the definitions are loaded, so who is greeted finds everything declared
        await self._server.until(lambda: _greets(self.port), seconds=READY_SECONDS)

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


def find_rabbitmq() -> Path | None:
    """Find the folder with the server's own scripts (not a wrapper that changes the user), or None."""
    found = [path for place in PLACES for path in Path("/").glob(place.lstrip("/"))]
    if on_path := shutil.which("rabbitmq-server"):
        found.append(Path(on_path).resolve().parent)
    return next((path for path in found if (path.parent / "plugins").is_dir()), None)


def _prepare(scripts: Path, folder: Path, port: int, definitions: Path | None) -> dict[str, str]:
    """Write the configuration and give the environment that keeps everything in `folder`."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    config = [
        f"listeners.tcp.1 = {HOST}:{port}",
        "loopback_users = none",
        "log.console = true",
        "log.console.level = info",
        "log.console.use_colors = off",
        "log.file = false",
        "disk_free_limit.absolute = 100MB",
        "vm_memory_high_watermark.absolute = 512MB",
        *([f"load_definitions = {definitions.resolve()}"] if definitions is not None else []),
        "",
    ]
    (folder / "rabbitmq.conf").write_text("\n".join(config))
    (folder / "enabled_plugins").write_text("[].\n")
    return {
        **_program(scripts, home),
        "HOME": str(home),  # where Erlang keeps a cookie of its own
        # Without a port mapper the name is known to nobody else, so it may be the same for everyone
        "RABBITMQ_NODENAME": "myprofile@localhost",
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_MNESIA_DIR": str(folder / "data" / "node"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(folder / "rabbitmq.pid"),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_SCHEDULER_BIND_TYPE": "u",
        "RABBITMQ_MAX_NUMBER_OF_PROCESSES": "65536",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _arguments(free_port()),
        # RabbitMQ starts the port mapper of its own accord every minute, for all interfaces; so no one may
        "ERL_ZFLAGS": "-start_epmd false",
        "ERL_CRASH_DUMP_SECONDS": "0",
        "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the server instead of minding it
        "NOTIFY_SOCKET": "",
    }


def _arguments(distribution_port: int) -> str:
    return (
        f"+S 2:2 +SDcpu 1:1 +SDio 4 +B i -sname myprofile@localhost -erl_epmd_port {distribution_port} "
        f"-kernel inet_dist_listen_min {distribution_port} inet_dist_listen_max {distribution_port} "
        "inet_dist_use_interface {127,0,0,1}"
    )


def _program(scripts: Path, home: Path) -> dict[str, str]:
    """Show the scripts a program folder with only the needed plugins: it starts in less than half the time."""
    plugins = scripts.resolve().parent / "plugins"
    if not list(plugins.glob(f"rabbit-{KNOWN_VERSION}*")):
        return {}
    chosen = home / "plugins"
    shutil.rmtree(chosen, ignore_errors=True)
    chosen.mkdir()
    for path in _needed(plugins):
        (chosen / path.name).symlink_to(path)
    (home / "sbin").unlink(missing_ok=True)
    (home / "sbin").symlink_to(scripts.resolve())
    return {"RABBITMQ_SCRIPTS_DIR": str(home / "sbin"), "RABBITMQ_PLUGINS_DIR": str(chosen)}


def _needed(plugins: Path) -> set[Path]:
    """Find the plugin folders that RabbitMQ itself depends on, by what each application file says."""
    needed: set[Path] = set()
    waiting = ["rabbit", "rabbitmq_prelaunch", "cuttlefish"]
    while waiting:
        name = waiting.pop()
        for path in set(plugins.glob(f"{name}-[0-9]*")) - needed:
            needed.add(path)
            description = (path / "ebin" / f"{name}.app").read_text()
            if listed := re.search(r"\{\s*applications\s*,\s*\[([^\]]*)\]", description):
                waiting += re.findall(r"\w+", listed[1])
    return needed


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
