import socket

import pytest

from onebox.ports import free_port, port_or_free, remembered, require_free
from onebox.processes import SetupError


def test_a_taken_port_is_named_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=rf"Port {port} is taken.*PORT=…"):
            require_free(port)
        assert remembered(port) != port


def test_a_free_port_is_given_back():
    port = free_port()
    assert require_free(port) == port
    assert port_or_free(port) == port
    assert remembered(port) == port
