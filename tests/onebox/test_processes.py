import json
import subprocess

import pytest

from onebox.processes import NOTE, ServerProcess, SetupError, _started


def leave_behind(folder):
    """Run a server whose onebox is gone, with the note that it left."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    server = subprocess.Popen(["sleep", "60"], cwd=folder, start_new_session=True)
    note = {"pid": server.pid, "started": _started(server.pid), "parent": ended.pid, "parent_started": 1}
    (folder / NOTE).write_text(json.dumps(note))
    return server


async def test_a_server_left_behind_is_ended_before_the_next_starts(tmp_path):
    left_behind = leave_behind(tmp_path)
    server = await ServerProcess.start("sleeper", ["sleep", "60"], tmp_path)
    assert left_behind.wait(5) == -9
    assert server.running
    await server.stop()
    assert not server.running
    assert not (tmp_path / NOTE).exists()


async def test_another_process_with_the_same_number_is_spared(tmp_path):
    stranger = leave_behind(tmp_path)
    note = json.loads((tmp_path / NOTE).read_text())
    (tmp_path / NOTE).write_text(json.dumps({**note, "started": 1}))
    server = await ServerProcess.start("sleeper", ["sleep", "60"], tmp_path)
    await server.stop()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait(5)


async def test_a_server_that_is_never_ready_is_ended_and_quoted(tmp_path):
    server = await ServerProcess.start("talker", ["sh", "-c", "echo no room left; sleep 60"], tmp_path)

    async def never():
        return False

    with pytest.raises(SetupError, match=r"(?s)talker was not ready within 0 s.*no room left"):
        await server.until(never, seconds=0.3)
    assert not server.running
    assert _started(server.pid) is None
