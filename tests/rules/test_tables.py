"""Tables of contents are complete: what is promised is kept, and what is kept was promised."""

import ast
import configparser
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import devices.app
import gateway.app
import organizations.app
import privacy.app
import security_info.app
from gateway.documents import ENDPOINTS
from onebox.documents import CONSUMERS
from shared.contracts.endpoint import ALWAYS

ROOT = Path(__file__).parents[2]
SERVICES = {app.NAME: app for app in (security_info.app, devices.app, organizations.app, privacy.app)}
FAILPOINTS = {
    "after save",
    "before publish",
    "before confirm",
    "before pull",
    "during a reaction",
    "after a reaction",
    "before a letter is sent",
    "after a letter is sent",
}
"""The places where the tests of faults kill a process."""


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_what_its_contract_promises_and_nothing_else(service):
    assert set(SERVICES[service].ENDPOINTS) == set(ENDPOINTS[service])


def test_every_service_with_a_contract_is_known_here():
    assert set(ENDPOINTS) == {*SERVICES, gateway.app.NAME}
    assert set(CONSUMERS) == {*SERVICES, gateway.app.NAME}


@pytest.mark.parametrize("service", SERVICES)
def test_each_endpoint_has_a_handler_of_its_own_that_takes_what_was_promised(service):
    table = SERVICES[service].ENDPOINTS
    assert len(set(table.values())) == len(table)
    for endpoint, handler in table.items():
        hints = inspect.get_annotations(handler, eval_str=True)
        taken = [kind for name, kind in hints.items() if name not in {"call", "return"}]
        assert taken == ([endpoint.request] if endpoint.request else []), endpoint.name
        assert hints["return"] is (None if endpoint.lines else endpoint.response), endpoint.name


@pytest.mark.parametrize("service", ENDPOINTS)
def test_names_and_addresses_are_given_once(service):
    everything = [endpoint for several in ENDPOINTS.values() for endpoint in several]
    assert len({endpoint.name for endpoint in everything}) == len(everything)
    assert len({(endpoint.method, endpoint.path) for endpoint in everything}) == len(everything)
    for endpoint in ENDPOINTS[service]:
        assert re.fullmatch(r"(/[a-z-]+|/\{[a-z_]+\})+", endpoint.path)
        assert ("{account}" in endpoint.path) <= bool(endpoint.scope)
        assert endpoint.path.startswith("/system/") == bool(endpoint.scope)
        assert set(ALWAYS) <= set(endpoint.all_problems)
        assert endpoint.changes or endpoint.request is None


def failpoints_in(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"failpoint", "failpoint_during"}:
            name = node.args[0]
            yield name.value if isinstance(name, ast.Constant) else None


def test_every_failpoint_is_known_to_the_tests_of_faults():
    files = [
        *(ROOT / "shared/src").rglob("*.py"),
        *(ROOT / "services").rglob("*.py"),
        *(ROOT / "gateway").rglob("*.py"),
    ]
    used = [name for file in files if file.name != "failpoints.py" for name in failpoints_in(file)]
    assert set(used) == FAILPOINTS


def test_the_borders_between_packages_are_kept():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, check=False, text=True, timeout=100)
    assert done.returncode == 0, done.stdout


def test_every_package_of_ours_has_borders():
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    guarded = set(config["importlinter"]["root_packages"].split())
    packages = {file.parent.name for file in ROOT.glob("*/src/*/__init__.py")}
    packages |= {file.parent.name for file in ROOT.glob("*/*/src/*/__init__.py")}
    assert guarded == packages
    strangers = set(config["importlinter:contract:strangers"]["modules"].split())
    assert strangers == packages - {"shared", "onebox"}
