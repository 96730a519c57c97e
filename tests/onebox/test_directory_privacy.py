"""What organizations of the demo directory declare, as their people find it."""

import pytest

from onebox.directory_file import parsed
from onebox.directory_wishes import wishes
from onebox.processes import SetupError
from shared.contracts.privacy import PUBLISH_TERMS, RECORD_SIGN_INS
from tests.onebox.playing import SMALL
from tests.waiting import until

TERMS = """\
  contoso:
    name: Contoso
    terms:
      use: [{version: "1", texts: {en: {title: Use, file: use.md}}}, {version: "2", material: false,
            texts: {en: {title: Use, markdown: Newer.}}}]
"""


async def test_the_demo_declares_what_its_people_find(cast, put, person):
    refused, _said = await put(cast.directory)
    assert refused == []
    contoso, fabrikam = cast.organizations["contoso"], cast.organizations["fabrikam"]
    alice = await person(cast.people["alice"])

    async def seen():
        _, found = await alice("GET", "/privacy")
        return found if len(found["services"]) == 4 else None

    found = await until(seen)
    assert [one["id"] for one in found["services"]] == [
        f"{contoso}~mail",
        f"{fabrikam}~drawings",
        f"{contoso}~expenses",
        f"{contoso}~travel",
    ]
    assert [one["can_disconnect"] for one in found["services"]] == [False, True, True, True]
    terms = {one["id"]: (one["version"], one["to_accept"], one["languages"]) for one in found["terms"]}
    assert terms == {
        f"{contoso}~use": ("2026-11", True, ["en", "sv"]),
        f"{contoso}~wireless": ("1", True, ["en", "sv"]),
        f"{fabrikam}~guests": ("3.1", True, ["en"]),
    }
    assert len(found["data_uses"]) == 7
    assert found["held"]["profile"]["title"] == "Product manager"
    northwind = cast.organizations["northwind"]
    assert found["held"]["devices"] == {contoso: 4, fabrikam: 1, northwind: 1}
    _, text = await alice("GET", f"/privacy/terms/{contoso}~use?language=sv")
    assert text["shown_language"] == "sv"
    assert all(part in text["html"] for part in ("<table>", "<ol>", "<blockquote>", "Nytt i den här versionen"))


async def test_sign_ins_of_the_demo_stand_in_histories_once(cast, put, person):
    for _time in range(2):
        assert (await put(cast.directory))[0] == []
    alice = await person(cast.people["alice"])
    _, found = await alice("GET", "/activity?part=sign_ins")
    told = [line for line in cast.content["sign_ins"] if line["account"] == cast.people["alice"]]
    assert sorted(one["facts"]["status"] for one in found["entries"]) == sorted(line["status"] for line in told)
    assert {one["facts"]["application"] for one in found["entries"]} == {line["application"] for line in told}


async def test_what_is_refused_of_one_sign_in_is_said(cast, put):
    cast.content["sign_ins"] = [cast.content["sign_ins"][0] | {"at": "2999-01-01T00:00:00Z"}]
    refused, _said = await put(cast.directory)
    assert [(one.wish.endpoint, one.problem.status, one.problem.key) for one in refused] == [
        (RECORD_SIGN_INS, 422, "invalid")
    ]


async def test_where_a_version_is_refused_no_later_one_of_the_same_terms_is_published(put, person, cast, database):
    assert (await put(cast.directory))[0] == []
    contoso = cast.organizations["contoso"]
    told = SMALL.replace("contoso:", f"{contoso}:").replace(
        "home_organization: contoso", f"home_organization: {contoso}"
    )
    text = "texts: {en: {title: Rules, markdown: %s}}"
    versions = ", ".join(
        f'{{version: "{n}", {text % words}}}' for n, words in ((1, "One."), (2, "Two."), (3, "Three."))
    )
    terms = f"    terms: {{rules: [%s], others: [{{version: a, {text % 'A'}}}, {{version: b, {text % 'B'}}}]}}\n"
    begin = told[: told.index("accounts:")]
    first = f'{{version: "1", {text % "Once."}}}'
    assert (await put(parsed((begin + terms % first).encode(), "d.yaml")))[0] == []
    refused, said = await put(parsed((begin + terms % versions).encode(), "d.yaml"))
    assert [(one.wish.names["version"], one.problem.key) for one in refused] == [
        ("1", "version_published"),
        ("2", "not_tried"),
        ("3", "not_tried"),
    ]
    assert "3 of 6 as it says" in said[-1]
    alice = await person(cast.people["alice"])
    _, found = await alice("GET", "/privacy")
    current = {one["id"]: one["version"] for one in found["terms"]}
    assert (current[f"{contoso}~rules"], current[f"{contoso}~others"]) == ("1", "b")


def test_a_text_of_terms_may_lie_in_a_file_of_its_own(tmp_path):
    (tmp_path / "use.md").write_text("# Use")
    directory = parsed(f"organizations:\n{TERMS}".encode(), "d.yaml", folder=tmp_path)
    versions = wishes(directory)["term versions"]
    assert {wish.endpoint for wish in versions} == {PUBLISH_TERMS}
    assert [wish.names["version"] for wish in versions] == ["1", "2"]
    assert [wish.content for wish in versions] == [
        {"texts": {"en": {"title": "Use", "markdown": "# Use"}}},
        {"texts": {"en": {"title": "Use", "markdown": "Newer."}}, "material": False},
    ]


@pytest.mark.parametrize(
    ("more", "mistake"),
    [
        (
            f"organizations:\n{TERMS}",
            "line 5: organizations > contoso > terms > use > 0 needs a file with the text that can be read",
        ),
        (SMALL + "    services: {fabrikam: {mail: {}}}", "services > fabrikam is no organization of the account."),
        (SMALL + "    services: {contoso: {mail: {}}}", "contoso > mail is none of the organization's services."),
        (
            SMALL + "sign_ins: [{account: bob, organization_id: contoso, id: '1', at: 2026-01-01T00:00:00Z, "
            "status: success}]",
            ": sign_ins > 0 > account is none of the accounts.",
        ),
        (
            SMALL + "sign_ins: [{account: alice, organization_id: x, id: '1', at: 2026-01-01T00:00:00Z, "
            "status: success}]",
            "sign_ins > 0 > organization_id is no organization of the account.",
        ),
        (
            SMALL + "sign_ins: [{account: alice, organization_id: x, id: '1', at: 2026-01-01T00:00:00Z, status: so}]",
            "status is to be 'success', 'failure' or 'interrupted'.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, more, mistake):
    with pytest.raises(SetupError) as raised:
        parsed(more.encode(), "d.yaml", folder=tmp_path)
    assert mistake in str(raised.value)
