"""A directory's file with mistakes in it, and what the command says and shows."""

import io
import re
import subprocess
import sys
import zipfile

import pytest

from onebox import accounts, token
from onebox.directory import Progress, counted, wishes
from onebox.directory_file import parsed, read
from onebox.ports import free_port
from onebox.processes import SetupError
from tests.onebox.playing import DEMO, ROOT, SMALL, run
from tests.picturing import as_text, picture

MISTAKES = {
    ("    name: Contoso", "    nickname: C"): "line 2: organizations > contoso > name is missing, and there are 1 more",
    ("    home_org", "    nickname: Al\n    home_org"): "line 8: accounts > alice > nickname is not known here",
    ("kind: laptop", "kind: toaster"): "line 10: accounts > alice > devices > d1 > kind is to be 'laptop', 'desktop'",
    ('"11"', "11"): "line 11: accounts > alice > devices > d1 > os_version is to be text: numbers",
    ('"11"', "null, last_active_at: 2026-01-01 10:00:00"): "line 11: .* > last_active_at needs a time zone",
    (", email: help@contoso.example", ""): "line 5: .* > contacts > 0 needs an email, a telephone or a page",
    ("help@contoso.example", "help"): "line 5: .* > email is not right",
    ("    contacts", "    privacy_statement: http://x.example\n    contacts"): "line 4: .* is to be an https address",
    (
        "    contacts",
        "    security_policy: {two_step: {required: 3}}\n    contacts",
    ): "line 4: .* > security_policy > two_step > required is to be 2 or less",
    (
        "    contacts",
        "    security_policy: {questions: {predefined: false}}\n    contacts",
    ): "line 4: .* > questions leaves fewer questions to choose from than are registered",
    (
        "    contacts",
        "    security_policy: {app_passwords: perhaps}\n    contacts",
    ): "line 4: .* > security_policy > app_passwords is to be true or false",
    ("home_organization: contoso", "home_organization: fabrikam"): "line 8: .* is none of the organizations",
    (
        "    devices",
        "    picture: nowhere.png\n    devices",
    ): "line 9: accounts > alice > picture is to be the path of a",
    (
        "    devices",
        "    memberships: [fabrikam]\n    devices",
    ): "line 9: .*memberships > fabrikam is none of the organizations",
    (
        "    devices",
        "    memberships: {contoso: {since: 2020}}\n    devices",
    ): "line 9: accounts > alice > memberships > contoso > since is not known here",
    (
        'os_version: "11"',
        "recovery_keys: {k1: {kind: bitlocker, key: short}}",
    ): "line 11: .* > recovery_keys > k1 > key has less than 8 entries",
    (
        'os_version: "11"',
        "recovery_keys: {k/1: {kind: bitlocker, key: 111111-222222}}",
    ): "line 11: .* > recovery_keys > k/1 has characters that are not taken",
    (
        "    contacts",
        "    leaving: {allowed: false, ask: privacy}\n    contacts",
    ): "line 2: .* lets nobody leave and names no contact of the role",
    ("organization_id: contoso", "organization_id: fabrikam"): "line 10: .* is no organization of the account",
    ("      d1:", "      d/1:"): "line 10: accounts > alice > devices > d/1 has characters that are not taken",
    ("accounts:", "organizations:"): "line 6 is not YAML that can be read: “organizations” stands there twice",
    ("accounts:", "accounts: ["): "line .* is not YAML that can be read",
    (SMALL, ""): "is empty",
    (SMALL, "- list"): "line 1: the file is to be a mapping",
}


@pytest.mark.parametrize(("change", "sentence"), MISTAKES.items(), ids=MISTAKES.values())
def test_a_mistake_in_the_file_is_one_sentence_with_its_place(change, sentence):
    assert change[0] in SMALL
    with pytest.raises(SetupError, match=f"^file.yaml(, )?.*{sentence}") as raised:
        parsed(SMALL.replace(*change, 1).encode(), "file.yaml")
    assert "\n" not in str(raised.value)


def test_that_file_is_right_without_a_mistake():
    assert counted(wishes(parsed(SMALL.encode(), "small"))) == "1 organization, 1 account, 1 device"


async def test_a_mistake_ends_the_command_before_anything_is_asked(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(SMALL.replace("laptop", "toaster"))
    code, out, err = await run(file, "--url", f"http://localhost:{free_port()}", token="t")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "wrong.yaml, line 10:" in err
    code, _, err = await run(tmp_path / "nothing.yaml", token="t")
    assert (code, err) == (1, f"{tmp_path / 'nothing.yaml'} cannot be read: No such file or directory.\n")


@pytest.mark.parametrize("address", ["http://portal.example", "https://portal.example/x", "portal.example", "http://["])
def test_a_token_does_not_go_where_others_could_read_it(address):
    with pytest.raises(SetupError, match="is no https address"):
        token.safe(address)


def test_an_address_that_is_safe_is_taken():
    assert token.safe("https://portal.example/") == "https://portal.example"
    assert token.safe("http://localhost:8080") == "http://localhost:8080"


def test_a_terminal_has_one_line_that_is_written_anew(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdout", terminal)
    said = []
    progress = Progress("2 devices", 2, said.append)
    progress.step()
    progress.step()
    progress.clear()
    assert terminal.getvalue().split("\r") == [
        "",
        "directory: 2 devices … 1/2\x1b[K",
        "directory: 2 devices … 2/2\x1b[K",
        "\x1b[K",
    ]
    assert said == []


def test_everyone_of_the_demo_has_a_situation_and_only_addresses_that_are_nobodys():
    names = [person.user_name for person in accounts.DEMO_ACCOUNTS]
    assert names[:3] == ["alice", "bob", "chandra"]
    assert all(person.situation.endswith(".") for person in accounts.DEMO_ACCOUNTS)
    known = read(DEMO).accounts
    assert set(known) < set(names)
    hosts = re.findall(r"(?:@|https?://)([\w.-]+)", DEMO.read_text())
    assert len(hosts) > 10
    assert all(host.endswith(".example") for host in hosts)


def test_the_demo_directory_is_in_the_wheel(tmp_path):
    build = f"from flit_core.buildapi import build_wheel; build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT / "deploy/onebox", check=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    packed = zipfile.ZipFile(wheel)
    for file in (DEMO, *DEMO.parent.glob("pictures/*")):
        assert packed.read(f"onebox/{file.relative_to(DEMO.parent)}") == file.read_bytes()


def test_a_picture_is_read_from_beside_the_file_and_is_part_of_what_the_file_says(tmp_path):
    file, beside = tmp_path / "directory.yaml", tmp_path / "faces" / "alice.png"
    beside.parent.mkdir()
    file.write_text(SMALL.replace("    devices", "    picture: faces/alice.png\n    devices"))
    said = []
    for colour in ((1, 2, 3), (200, 2, 3)):
        beside.write_bytes(picture(colour=colour))
        (wish,) = wishes(read(file))["pictures"]
        assert (wish.path, wish.content) == (
            "/api/system/accounts/alice/picture",
            {"content": as_text(beside.read_bytes())},
        )
        said.append(read(file).model_dump_json(exclude_unset=True))
    assert said[0] != said[1], "another picture is another directory, which onebox puts in anew"


def test_a_membership_is_named_alone_or_with_what_is_known_of_it():
    other = "organizations:\n  fabrikam: {name: Fabrikam}\n"
    for told, body in (("[fabrikam]", {}), ("{fabrikam: {owner: true}}", {"owner": True})):
        content = SMALL.replace("organizations:\n", other).replace(
            "    devices", f"    memberships: {told}\n    devices"
        )
        (wish,) = wishes(parsed(content.encode(), "small"))["memberships"]
        assert (wish.path, wish.content) == ("/api/system/accounts/alice/organizations/fabrikam", body)


def test_a_recovery_key_is_put_in_by_itself_in_clear_and_another_one_is_another_directory():
    said = []
    for key in ("111111-222222", "111111-333333"):
        content = SMALL.replace('"11"', f'"11", recovery_keys: {{4F1C: {{kind: bitlocker, key: {key}}}}}')
        directory = parsed(content.encode(), "small")
        assert key not in repr(directory)
        several = wishes(directory)
        assert "recovery_keys" not in several["devices"][0].content
        (wish,) = several["recovery keys"]
        assert wish.path == "/api/system/accounts/alice/devices/d1/recovery-keys/4F1C"
        assert wish.content == {"kind": "bitlocker", "key": key}
        said.append(directory.model_dump_json(exclude_unset=True))
    assert said[0] != said[1]
