"""Where a RabbitMQ of our own keeps its files, and how it is told to."""

import os
import re
import shutil
from pathlib import Path

from onebox.ports import HOST, free_port

KNOWN_VERSION = "3.10."  # Debian 12's, for which the short list of plugins is tried
PLACES = ("/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin", "/opt/rabbitmq*/sbin", "/opt/homebrew/opt/rabbitmq/sbin")


def find_rabbitmq() -> Path | None:
    """Find the folder with the server's own scripts (not a wrapper that changes the user), or None."""
    found = [path for place in PLACES for path in Path("/").glob(place.lstrip("/"))]
    if on_path := shutil.which("rabbitmq-server"):
        found.append(Path(on_path).resolve().parent)
    return next((path for path in found if (path.parent / "plugins").is_dir()), None)


def environment(scripts: Path, folder: Path, port: int, definitions: Path | None) -> dict[str, str]:
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


def streams_are_kept(folder: Path) -> bool:
    """Tell whether the broker finds its streams again, however it ends.

    RabbitMQ 3.10 notes half a second late that it coordinates streams: killed before that, it refuses for good all
    that goes to them.
    """
    notes = (folder / "data" / "node" / "coordination").glob("*/names.dets")
    return any(b"rabbit_stream_coordinator" in note.read_bytes() for note in notes)


def _arguments(distribution_port: int) -> str:
    return (
        f"+S 2:2 +SDcpu 1:1 +SDio 4 +B i -sname myprofile@localhost -erl_epmd_port {distribution_port} "
        f"-kernel inet_dist_listen_min {distribution_port} inet_dist_listen_max {distribution_port} "
        "inet_dist_use_interface {127,0,0,1}"
    )


def _program(scripts: Path, home: Path) -> dict[str, str]:
    """Show the scripts a program folder with only the needed plugins: it starts in less than half the time."""
    plugins = scripts.resolve().parent / "plugins"
    # RabbitMQ's scripts do not quote where they lie, so only without spaces and the like
    if not list(plugins.glob(f"rabbit-{KNOWN_VERSION}*")) or not re.fullmatch(r"[\w/.,@+-]+", str(home)):
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
