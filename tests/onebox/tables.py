"""Tables of devices, as device management exports them."""

from pathlib import Path

HEAD = "account,device_id,organization_id,name,kind"


def table(folder: Path, text: str | bytes) -> Path:
    file = folder / "devices.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def many(folder, count):
    return table(folder, "\n".join([HEAD, *(f"alice,d{n},contoso,CON-{n},laptop" for n in range(1, count + 1))]))
