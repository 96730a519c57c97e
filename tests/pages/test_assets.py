import gzip
import re

import pytest

from gateway.rendering import Assets
from gateway.rendering.assets import STATIC, _takes_gzip


def test_a_changed_file_gets_another_address(tmp_path):
    addresses = set()
    for content in ("a", "b"):
        (tmp_path / "portal.css").write_text(content)
        addresses.add(Assets(tmp_path).url("portal.css"))
    assert len(addresses) == 2
    assert all(re.fullmatch(r"/static/portal\.[0-9a-f]{12}\.css", address) for address in addresses)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("tokens.css", "text/css"), ("portal.js", "text/javascript"), ("icons.svg", "image/svg+xml")],
)
async def test_a_file_is_served_for_good_and_compressed(visitor, name, content_type):
    address = Assets.load().url(name)
    response = await visitor.get(address, **{"Accept-Encoding": "gzip"})
    assert response.headers["Content-Type"] == f"{content_type}; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (response.headers["Content-Encoding"], response.headers["Vary"]) == ("gzip", "Accept-Encoding")
    plain = await visitor.get(address, **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert await plain.read() == (STATIC / name).read_bytes() == await response.read()


@pytest.mark.parametrize("name", ["tokens.css", "tokens.000000000000.css", "..%2Flanguage.py", "nothing"])
async def test_a_file_that_is_not_there_is_not_found(visitor, name):
    assert (await visitor.get(f"/static/{name}")).status == 404


@pytest.mark.parametrize(
    ("header", "takes"),
    [("", False), ("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.0", False), ("br", False)],
)
def test_compression_is_for_those_who_ask(header, takes):
    assert _takes_gzip(header) is takes


def test_the_same_content_compresses_to_the_same_bytes():
    first, second = Assets(STATIC), Assets(STATIC)
    assert [gzip.decompress(asset.compressed) for asset in first._by_name.values()] == [
        asset.content for asset in second._by_name.values()
    ]


def test_nothing_static_reaches_out_to_other_hosts():
    for file in STATIC.iterdir():
        assert not re.findall(r"(?:https?:)?//(?!www\.w3\.org)[a-z]", file.read_text("utf-8").replace("// Every", ""))
