"""A table of devices goes in through the public door, with a token of the provider's."""

import csv
import sys
from asyncio import create_subprocess_exec, subprocess

from onebox.systems import System
from tests.component.putting_in import put_account, put_device
from tests.conftest import SYSTEMS

HEAD = "Account;Device ID;Organization ID;Name;Kind;Last city;Owner\n"


async def run(portal, file):
    system = next(one for one in SYSTEMS if isinstance(one, System) and one.name == "all")
    told = {
        "ISSUER": portal.provider.issuer,
        "CLIENT_ID": system.client_id,
        "CLIENT_SECRET": portal.provider.system_secrets[system.client_id],
    }
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "onebox.importing", str(file), "--url", portal.url),
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_a_table_is_put_in_and_what_is_refused_is_told(portal, directory, mongo, someone, tmp_path):
    await put_account(directory, someone)
    await put_device(directory, someone, "first", organization_id="contoso")
    file = tmp_path / "devices.csv"
    good = [f"{someone};i{n};contoso;CON-{n};Laptop;Umeå;x\n" for n in range(12)]
    file.write_text("\ufeff" + HEAD + "".join(good), encoding="utf-8")
    status, out, err = await run(portal, file)
    assert (status, out.split(",")[0]) == (0, "12 of 12 devices are in")
    assert err == "Columns that are left out: owner.\n"
    document = await mongo["devices"]["accounts"].find_one({"_id": someone})
    assert {f"i{n}" for n in range(12)} <= document["devices"].keys()
    assert document["devices"]["i3"]["last_place"]["city"] == "Umeå"

    bad = ["nobody-knows;i;contoso;Lost;laptop;;\n", f"{someone};i;contoso;Bad;toaster;;\n"]
    file.write_text(HEAD + bad[0] + good[0] + bad[1], encoding="utf-8")
    status, out, err = await run(portal, file)
    assert (status, out.split(",")[0]) == (1, "1 of 3 devices are in")
    with (tmp_path / "devices.csv.refused.csv").open(newline="") as report:
        refused = list(csv.DictReader(report))
    assert [(one["line"], one["key"]) for one in refused] == [("2", "not_a_member"), ("4", "invalid")]
    assert "devices.csv.refused.csv" in err
