"""Which names a person may give to a method: whatever can be read, as they typed it."""

import pytest

from tests.component.setting_up import begin

METHODS = "/security-info/methods"
NAMES = {
    "empty": ("", "string_too_short"),
    "spaces alone": ("   \u2003 ", "string_too_short"),
    "too long": ("x" * 61, "string_too_long"),
    "NUL": ("a\x00b", "characters"),
    "an override": ("a\u202eb", "characters"),
    "an embedding": ("\u202aa\u202c", "characters"),
    "a bell": ("a\x07b", "characters"),
    "a line break": ("a\nb", "characters"),
    "a line separator": ("a\u2028b", "characters"),
    "a private character": ("a\ue000b", "characters"),
    "nothing that shows": ("\u200b\u200d\u200b", "characters"),
    "marks on nothing": ("\u0301\u0302", "characters"),
    "longer once it is composed": ("\u0958" * 40, "string_too_long"),
}


@pytest.mark.parametrize(("name", "fault"), NAMES.values(), ids=NAMES)
async def test_a_name_is_refused_that_is(program, name, fault):
    status, problem = await program("POST", METHODS, {"type": "authenticator-app", "name": name})
    assert (status, problem["key"]) == (422, "invalid")
    assert [(error["pointer"], error["key"]) for error in problem["errors"]] == [("/name", fault)]


KEPT = {
    "sixty characters": ("x" * 60, None),
    "spaces around": ("  My phone ", "My phone"),
    "right to left": ("هاتف العمل", None),
    "with a direction mark": ("\u200fشغل phone", None),
    "a family": ("👨‍👩‍👧‍👦", None),
    "composed": ("Cafe\u0301", "Café"),
    "many marks": ("Z" + "\u0335\u0489" * 20, None),
    "what looks like code": ("<script>alert(1)</script> {{7*7}} $where", None),
    "a sign and nothing else": ("☎", None),
}


@pytest.mark.parametrize(("name", "kept"), KEPT.values(), ids=KEPT)
async def test_a_name_is_kept_as_typed_that_is(program, name, kept):
    setup = await begin(program, name)
    assert setup["name"] == (kept or name)
    assert (await program("DELETE", f"{METHODS}/{setup['method_id']}"))[0] == 204
