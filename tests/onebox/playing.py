"""The demo directory, played by people whom the tests' provider can sign in."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from onebox.directory_file import parsed

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "deploy/onebox/src/onebox/demo.yaml"
LAPTOP = {"name": "Laptop", "kind": "laptop"}
SMALL = """\
organizations:
  contoso:
    name: Contoso
    contacts:
      - {role: help, email: help@contoso.example}
accounts:
  alice:
    home_organization: contoso
    devices:
      d1: {organization_id: contoso, name: D1, kind: laptop,
           os_version: "11"}
"""


@dataclass
class Cast:
    """The demo directory, played by people whom the tests' provider can sign in, in organizations of their own."""

    content: dict
    people: dict[str, str]
    organizations: dict[str, str]
    file: Path

    @property
    def directory(self):
        return parsed(yaml.safe_dump(self.content, allow_unicode=True, sort_keys=False).encode(), "demo.yaml")


async def run(file, *options, token="", folder=None):
    """Run the command beside this process, in which the portal runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "onebox.directory", str(file), *options),
        cwd=folder,
        env={**os.environ, "TOKEN": token},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


PUT_IN = ("home", "directory", "memberships", "picture", "disabled_at")
"""What of an account comes from the directory; notices come and go beside it."""


async def versions(mongo, cast):
    """Look how often what was put in has changed, and how much news there was of it."""
    found = {}
    for database, collection, keys in (
        ("organizations", "organizations", cast.organizations),
        ("organizations", "accounts", cast.people),
        ("devices", "accounts", cast.people),
    ):
        async for kept in mongo[database][collection].find({"_id": {"$in": list(keys.values())}}):
            of_account = (database, collection) == ("organizations", "accounts")
            put_in = {name: kept.get(name) for name in PUT_IN}
            found[database, collection, kept["_id"]] = put_in if of_account else (kept["version"], kept["sequence"])
    return found
