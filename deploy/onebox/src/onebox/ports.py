"""Pick ports on the loopback interface."""

import errno
import socket

from onebox.processes import SetupError

HOST = "127.0.0.1"


def free_port() -> int:
    """Give a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(port: int, *, variable: str = "PORT") -> int:
    """Give the port back, or raise SetupError saying that it is taken and which variable chooses another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise SetupError(f"Port {port} needs more rights: choose another with {variable}=…") from None
            raise SetupError(f"Port {port} is taken: choose another with {variable}=…") from None
    return port


def port_or_free(port: int | None, *, variable: str = "PORT") -> int:
    """Give the port asked for if it is free (else SetupError), or any free one when none is asked for."""
    return free_port() if port is None else require_free(port, variable=variable)


def remembered(port: int | None) -> int:
    """Give the port of last time if it is still free, or any free one."""
    try:
        return port_or_free(port)
    except SetupError:
        return free_port()
