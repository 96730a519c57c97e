"""What organizations ask for: put in by their system, spread as news, and held to point by point."""

import asyncio
import uuid

import pytest

from tests.authenticators import SoftwareKey, decoded
from tests.component.putting_in import put_account
from tests.component.setting_up import add, add_key, begin, code
from tests.key_makers import MAKER
from tests.waiting import until

ANSWERS = ["first answer", "second answer", "third answer", "fourth answer", "fifth answer"]
DEFAULT_TWO_STEP = ["authenticator-app", "security-key", "phone", "recovery-codes"]


@pytest.fixture
def put(directory):
    """Put an organization of this test alone in, with a policy, and give its id."""

    async def putting(policy=None, *, name=None):
        name = name or f"policy-{uuid.uuid4().hex[:8]}"
        wish = {"name": name.title(), **({"security_policy": policy} if policy is not None else {})}
        status, record = await directory("PUT", f"/system/organizations/{name}", wish)
        assert status == 200, record
        return name

    return putting


@pytest.fixture
def info(api):
    """Read one's security info, as soon as something holds of it."""

    async def reading(holds=lambda _info: True):
        async def found():
            _, seen = await api("GET", "/security-info")
            return seen if holds(seen) else None

        return await until(found)

    return reading


@pytest.fixture
def join(directory, info, someone):
    """Let organizations have the person as a member, the first one at home, until security-info has heard of it."""

    async def joining(home, *others):
        await put_account(directory, someone, home_organization=home)
        for other in others:
            assert (await directory("PUT", f"/system/accounts/{someone}/organizations/{other}"))[0] == 204
        return await info(lambda seen: asking(seen) == {home, *others} and not nameless(seen))

    return joining


def asking(seen):
    return {one["organization_id"] for one in seen["requirements"]}


def nameless(seen):
    """Tell of which organizations it is heard that the person is a member, and not yet what they ask for."""
    return [
        one["organization_id"] for one in seen["requirements"] if one["organization_name"] == one["organization_id"]
    ]


def need(seen, purpose):
    (found,) = [one for one in seen["needs"] if one["purpose"] == purpose]
    return found["required"], found["registered"], set(found["organizations"])


def types(seen):
    return {offer["type"] for offer in seen["can_add"]}


def by_type(seen, type_):
    (found,) = [method for method in seen["methods"] if method["type"] == type_]
    return found


async def test_a_member_of_nothing_has_the_default(info):
    seen = await info()
    assert types(seen) == {"authenticator-app", "security-key", "phone", "email", "recovery-codes"}
    assert {one["type"]: one["organizations"] for one in seen["not_offered"]} == {
        "security-questions": [],
        "app-password": [],
    }
    assert need(seen, "two_step") == need(seen, "password_reset") == (0, 0, set())


async def test_what_is_put_in_is_what_a_member_sees(put, join, directory):
    policy = {
        "two_step": {"methods": ["authenticator-app"], "required": 1},
        "password_reset": {"methods": ["authenticator-app", "security-questions"], "required": 2},
        "questions": {"to_register": 4, "to_answer": 3, "custom": [{"id": "first-desk", "text": "Where was it?"}]},
        "app_passwords": True,
    }
    home = await put(policy)
    _, record = await directory("PUT", f"/system/organizations/{home}", {"name": "Named", "security_policy": policy})
    kept = record["security_policy"]
    assert (kept["two_step"], kept["app_passwords"]) == ({"methods": ["authenticator-app"], "required": 1}, True)
    seen = await join(home)
    assert types(seen) == {"authenticator-app", "security-questions", "app-password"}
    assert {one["type"]: one["organizations"] for one in seen["not_offered"]} == {
        "security-key": [home],
        "phone": [home],
        "email": [home],
        "recovery-codes": [home],
    }
    requirements = {one["purpose"]: one for one in seen["requirements"]}
    assert requirements["two_step"]["methods"] == ["authenticator-app"]
    assert (requirements["two_step"]["required"], requirements["two_step"]["questions"]) == (1, None)
    assert (requirements["password_reset"]["required"], requirements["password_reset"]["questions"]) == (2, 4)
    assert need(seen, "two_step") == (1, 0, {home})
    assert need(seen, "password_reset") == (2, 0, {home})


async def test_of_two_organizations_the_strictest_holds_and_leaving_relaxes_it(put, join, info, api):
    lax = await put({"app_passwords": True, "two_step": {"required": 1}})
    strict = await put({"two_step": {"methods": ["security-key"], "required": 2}})
    setup = await add(api)
    seen = await join(lax, strict)
    assert "app-password" not in types(seen)
    assert need(seen, "two_step") == (2, 0, {strict})
    app = by_type(seen, "authenticator-app")
    assert (app["purposes"], app["barred_by"]) == (["password_reset"], {"two_step": [strict]})
    assert (app["id"], app["needed_for"]) == (setup["method_id"], [])
    assert {one["type"]: one["organizations"] for one in seen["not_offered"]}["app-password"] == [strict]
    offers = {offer["type"]: offer["purposes"] for offer in seen["can_add"]}
    assert offers["authenticator-app"] == ["password_reset"]
    assert (await api("POST", f"/organizations/{strict}/leave"))[0] == 204
    seen = await info(lambda seen: asking(seen) == {lax})
    assert "app-password" in types(seen)
    assert need(seen, "two_step") == (1, 1, {lax})
    app = by_type(seen, "authenticator-app")
    assert (app["purposes"], app["barred_by"], app["needed_for"]) == (["two_step", "password_reset"], {}, ["two_step"])


async def test_a_policy_that_is_changed_holds_for_members_at_once(put, join, info):
    home = await put({"app_passwords": True})
    assert "app-password" in types(await join(home))
    await put({"app_passwords": False}, name=home)
    await info(lambda seen: "app-password" not in types(seen))
    await put(None, name=home)
    seen = await info(lambda seen: "recovery-codes" in types(seen))
    (told,) = [one["methods"] for one in seen["requirements"] if one["purpose"] == "two_step"]
    assert told == DEFAULT_TWO_STEP


async def test_what_is_required_is_not_removed_but_replaced(put, join, api, portal, info):
    home = await put({"two_step": {"required": 1}})
    old = await add(api, "Old telephone")
    assert by_type(await join(home), "authenticator-app")["needed_for"] == ["two_step"]
    status, problem = await api("DELETE", f"/security-info/methods/{old['method_id']}")
    assert (status, problem["key"], problem["purpose"], problem["required"], problem["organizations"]) == (
        409,
        "method_needed",
        "two_step",
        1,
        [home],
    )
    wish = {"type": "authenticator-app", "name": "New telephone", "replaces": old["method_id"]}
    status, new = await api("POST", "/security-info/methods", wish)
    assert status == 201
    assert [one["name"] for one in (await info())["methods"]] == ["Old telephone"], "until the new one counts"
    path = f"/security-info/methods/{new['method_id']}/confirm"
    assert (await api("POST", path, {"code": code(new)}))[0] == 200
    seen = await info()
    assert [(one["name"], one["is_default"]) for one in seen["methods"]] == [("New telephone", True)]
    await add_key(api, SoftwareKey(rp_id="localhost", origin=portal.url))
    assert (await api("DELETE", f"/security-info/methods/{new['method_id']}"))[0] == 204


async def test_what_serves_no_purpose_replaces_nothing_that_is_required(put, join, api):
    home = await put({"two_step": {"required": 1}})
    app = await add(api)
    await join(home)
    wish = {"type": "recovery-codes", "replaces": app["method_id"]}
    status, problem = await api("POST", "/security-info/methods", wish)
    assert (status, problem["key"]) == (409, "method_needed")
    status, problem = await api("POST", "/security-info/methods", {"type": "authenticator-app", "replaces": "nothing"})
    assert (status, problem["key"]) == (404, "method_not_found")


async def test_of_two_that_are_removed_at_once_the_required_one_stays(put, join, api, info):
    home = await put({"two_step": {"required": 1}})
    ids = [(await add(api, name))["method_id"] for name in ("One", "Two")]
    await join(home)
    answers = await asyncio.gather(*(api("DELETE", f"/security-info/methods/{id_}") for id_ in ids))
    assert sorted(status for status, _ in answers) == [204, 409]
    assert len((await info())["methods"]) == 1


async def test_what_is_not_allowed_is_not_added_also_when_it_was_begun_before(put, join, api):
    setup = await begin(api)
    home = await put({name: {"methods": ["security-key"]} for name in ("two_step", "password_reset")})
    await join(home)
    path = f"/security-info/methods/{setup['method_id']}/confirm"
    for asked, wish in (
        ("/security-info/methods", {"type": "authenticator-app"}),
        ("/security-info/methods", {"type": "app-password", "name": "Mail"}),
        (path, {"code": code(setup)}),
    ):
        status, problem = await api("POST", asked, wish)
        assert (status, problem["key"], problem["organizations"]) == (403, "method_type_not_allowed", [home]), wish


async def test_keys_are_as_the_strictest_wants_them(put, join, api, portal):
    model = "12345678-1234-1234-1234-123456789abc"
    picky = await put({"keys": {"user_verification": True}})
    pickier = await put({"keys": {"allowed_models": [model]}})
    await join(picky, pickier)
    wish = {"type": "security-key", "name": "Key"}
    _, setup = await api("POST", "/security-info/methods", wish)
    options = setup["options"]
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "direct"
    challenge, path = decoded(options["challenge"]), f"/security-info/methods/{setup['method_id']}/confirm"
    common = {"rp_id": "localhost", "origin": portal.url}
    good, other = uuid.UUID(model).bytes, bytes(range(16))
    allowed = SoftwareKey(**common, aaguid=good, attestation="packed", certified=MAKER.certify(good))
    for key, wrong, reason in (
        (allowed, {"user_verified": False}, "user_verification"),
        (SoftwareKey(**common, aaguid=good), {}, "attestation"),
        (SoftwareKey(**common, aaguid=good, attestation="packed"), {}, "attestation"),
        (SoftwareKey(**common, aaguid=other, attestation="packed", certified=MAKER.certify(other)), {}, "model"),
    ):
        status, problem = await api("POST", path, {"credential": key.register(challenge, **wrong)})
        assert (status, problem["key"], problem["reason"]) == (422, "credential_refused", reason)
    status, method = await api("POST", path, {"credential": allowed.register(challenge)})
    assert (status, method["key"]["aaguid"], method["key"]["attestation"]) == (200, model, "packed")


async def test_questions_are_those_of_the_members_organizations(put, join, api):
    reset = {"methods": ["security-questions"], "required": 1}
    custom = [{"id": f"own-{n}", "text": f"Question {n} of our own?"} for n in range(4)]
    home = await put({"password_reset": reset, "questions": {"to_register": 4, "predefined": False, "custom": custom}})
    await join(home)
    _, asked = await api("GET", "/security-info/questions")
    assert asked["to_register"] == 4
    assert [(one["id"], one["text"], one["organization_id"]) for one in asked["questions"]] == [
        (f"{home}:own-{n}", f"Question {n} of our own?", home) for n in range(4)
    ]
    ids = [one["id"] for one in asked["questions"]]

    async def answer(*pairs):
        answers = [{"question_id": id_, "answer": text} for id_, text in pairs]
        return await api("POST", "/security-info/methods", {"type": "security-questions", "answers": answers})

    for wrong, pointer, key in (
        (list(zip(ids[:3], ANSWERS, strict=False)), "/answers", "how_many_answers"),
        ([*zip(ids[:3], ANSWERS, strict=False), ("pet", "x1x")], "/answers/3/question_id", "question_unknown"),
        ([*zip(ids[:3], ANSWERS, strict=False), (ids[0], "x1x")], "/answers/3/question_id", "question_repeated"),
        ([*zip(ids[:3], ANSWERS, strict=False), (ids[3], "ab")], "/answers/3/answer", "string_too_short"),
        ([*zip(ids[:3], ANSWERS, strict=False), (ids[3], "x" * 41)], "/answers/3/answer", "string_too_long"),
        ([*zip(ids[:3], ANSWERS, strict=False), (ids[3], "FIRST  answer")], "/answers/3/answer", "answer_repeated"),
    ):
        status, problem = await answer(*wrong)
        assert (status, problem["key"]) == (422, "invalid")
        assert [(one["pointer"], one["key"]) for one in problem["errors"]] == [(pointer, key)]
    status, done = await answer(*zip(ids, ANSWERS, strict=False))
    assert (status, done["type"]) == (201, "security-questions")
    _, seen = await api("GET", "/security-info")
    assert (by_type(seen, "security-questions")["questions"], need(seen, "password_reset")) == (4, (1, 1, {home}))
    assert by_type(seen, "security-questions")["needed_for"] == ["password_reset"]
