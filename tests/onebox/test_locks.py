import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ["shared", "gateway", *(str(path.relative_to(ROOT)) for path in ROOT.glob("services/*"))]
LOCKS = {"runtime": RUNTIME, "onebox": [*RUNTIME, "deploy/onebox"], "dev": [*RUNTIME, "deploy/onebox"]}


def plain(name):
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_packages_need_is_locked_and_nothing_of_ours(lock):
    locked = {
        plain(line)
        for line in (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines()
        if line and line[0] not in " #"
    }
    needed = set()
    for folder in LOCKS[lock]:
        described = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())
        needed |= {plain(need) for need in described["project"]["dependencies"]}
    if lock == "dev":
        described = tomllib.loads((ROOT / "pyproject.toml").read_text())
        needed |= {plain(need) for need in described["dependency-groups"]["dev"]}
    ours = {name for name in needed | locked if name.startswith("my-profile")}
    assert needed - ours <= locked, "make lock brings them up to date"
    assert not ours & locked


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_place(lock):
    assert "://" not in (ROOT / "requirements" / f"{lock}.txt").read_text()
