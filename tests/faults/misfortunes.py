"""A story of one person with phones and addresses, in which everything goes wrong that can."""

from typing import Any

from tests.arriving import code_in
from tests.conftest import Caller
from tests.faults.receiving import MailServer, Operator
from tests.faults.searching import Needle, code, number, text
from tests.spawning import until

TEXTED, CALLED, CHANGED, OFFICE = "070-174 06 51", "070 1740652", "0701740653", "+46 8 765 43 21"
E164 = {TEXTED: "+46701740651", CALLED: "+46701740652", CHANGED: "+46701740653", OFFICE: "+4687654321"}
COSTLY, ABROAD, BROKEN, OFTEN = "0900-1234567", "+33612345678", "0701-74 0", "0701740659"
ADDRESS = "o'needle.alpha+tag@home.example"
ODD = "needle.beta!#$%&'*/=?^`{|}~@home.example"
HOSTILE = 'needle.gamma"\r\nBcc: needle.delta@evil.example'
REFUSED, UNFINISHED = "needle.epsilon@home.example", "needle.zeta@"
WORK = "needle.work@contoso.example"
METHODS = "/security-info/methods"


class Story:
    """What one person does, what the directory does, and all that they were answered."""

    def __init__(self, account: str, me: Caller, directory: Caller, mail: MailServer, taking: Operator) -> None:
        self.account, self.mail, self.taking = account, mail, taking
        self._me, self._directory = me, directory
        self.answers: list[tuple[int, Any]] = []

    async def me(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask as the person."""
        self.answers.append(await self._me(method, path, body))
        return self.answers[-1]

    async def directory(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask as the directory."""
        self.answers.append(await self._directory(method, f"/system{path}", body))
        return self.answers[-1]

    async def add_phone(self, typed: str, way: str = "text") -> tuple[int, Any]:
        wish = {"type": "phone", "number": {"country": "SE", "typed": typed}, "way": way}
        return await self.me("POST", METHODS, wish)

    async def add_address(self, typed: str) -> tuple[int, Any]:
        return await self.me("POST", METHODS, {"type": "email", "address": typed})

    async def change(self, method_id: str, typed: str) -> tuple[int, Any]:
        wish = {"number": {"country": "SE", "typed": typed}, "way": "text"}
        return await self.me("PATCH", f"{METHODS}/{method_id}", wish)

    async def send_again(self, method_id: str) -> tuple[int, Any]:
        return await self.me("POST", f"{METHODS}/{method_id}/send-code", {"way": "text"})

    async def type_code(self, method_id: str, typed: str) -> int:
        return (await self.me("POST", f"{METHODS}/{method_id}/confirm", {"code": typed}))[0]

    def needles(self) -> list[Needle]:
        """Give everything that must not be found anywhere."""
        numbers = [needle for typed in (*E164, COSTLY, ABROAD, OFTEN) for needle in number(typed)]
        names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
        addresses = [needle for name in names for needle in text(f"needle.{name}")]
        return [*numbers, *text(BROKEN), *addresses, *(needle for one in self.codes() for needle in code(one))]

    def codes(self) -> set[str]:
        """Give every code that was sent and typed, right and wrong."""
        sent = [told["text"] for told in (*self.taking.taken, *self.taking.refused)]
        mails = self.mail.to(ODD, codes=True) | self.mail.to(ADDRESS, codes=True)
        said = [*sent, *(body for bodies in mails.values() for body in bodies)]
        right = {code_in(one) for one in said if "code" in one}
        return right | {wrong(one) for one in right}


def wrong(right: str) -> str:
    return f"{(int(right) + 500_000) % 1_000_000:06}"


async def put_in(story: Story) -> None:
    """Let the directory know the person, with an address at work and a phone in the office."""
    assert (await story.directory("PUT", "/organizations/contoso", {"name": "Contoso"}))[0] == 200
    path = f"/accounts/{story.account}"
    for address, status in ((WORK, 200), (HOSTILE, 422)):
        wish = {"home_organization": "contoso", "profile": {"name": "Member Person", "email": address}}
        assert (await story.directory("PUT", path, wish))[0] == status

    async def office() -> bool:
        return (await story.directory("PUT", f"{path}/methods/office", {"number": OFFICE}))[0] == 200

    await until(office, what="the office phone")
    for typed in (BROKEN, COSTLY, ABROAD):
        assert (await story.directory("PUT", f"{path}/methods/other", {"number": typed}))[0] == 422


async def have_phones(story: Story) -> None:
    """Have phones by text and by call; numbers and codes are wrong, and the operator answers with what it was told."""
    for typed in (BROKEN, COSTLY, ABROAD):
        assert (await story.add_phone(typed))[0] == 422
    answers = iter((500, 302, 202))
    story.taking.answers = lambda _told: next(answers)
    setup = (await story.add_phone(TEXTED))[1]
    right = await story.taking.code(E164[TEXTED])
    story.taking.answers = lambda _told: 202
    assert await story.type_code(setup["method_id"], wrong(right)) == 422
    assert await story.type_code(setup["method_id"], f" {right}x") in {400, 422}
    assert await story.type_code(setup["method_id"], right) == 200
    called = (await story.add_phone(CALLED, "call"))[1]
    assert await story.type_code(called["method_id"], await story.taking.code(E164[CALLED])) == 200
    assert (await story.add_phone(TEXTED))[0] in {409, 422}
    story.taking.answers = lambda told: 400 if told["to"] == E164[CHANGED] else 202
    assert (await story.change(called["method_id"], CHANGED))[0] == 200

    async def refused() -> bool:
        return any(told["to"] == E164[CHANGED] for told in story.taking.refused)

    await until(refused, what="the operator's refusal")
    story.taking.answers = lambda _told: 202
    assert (await story.send_again(called["method_id"]))[0] == 200
    assert await story.type_code(called["method_id"], await story.taking.code(E164[CHANGED])) == 200


async def prove(story: Story) -> None:
    """Prove who one is by the phone in the office, with a wrong code first."""
    status, challenge = await story.me("POST", "/security-info/proofs", {"method_id": "office"})
    assert (status, challenge["kind"]) == (201, "sent_code")
    right = await story.taking.code(E164[OFFICE])
    path = f"/security-info/proofs/{challenge['id']}/answer"
    assert (await story.me("POST", path, {"code": wrong(right)}))[0] == 422
    assert (await story.me("POST", path, {"code": right}))[0] == 200


async def have_addresses(story: Story) -> None:
    """Have addresses that are hostile, odd, or refused by a server that quotes them."""
    for typed in (HOSTILE, UNFINISHED):
        assert (await story.add_address(typed))[0] == 422
    box = story.mail.box

    async def asked() -> bool:
        return "RCPT" in box.asked

    for address, answer in ((REFUSED, "550 5.1.1 <{}>: no such mailbox"), (ODD, "451 4.3.2 <{}>: later")):
        box.asked.clear()
        box.answers["RCPT"] = answer.format(address)
        status, setup = await story.add_address(address)
        assert status == 201
        await until(asked, what="the mail server's answer")
    box.answers.clear()
    right = await story.mail.code(ODD)
    for _ in range(5):
        await story.type_code(setup["method_id"], wrong(right))
    assert await story.type_code(setup["method_id"], right) == 409
    setup = (await story.add_address(ADDRESS))[1]
    assert await story.type_code(setup["method_id"], await story.mail.code(ADDRESS)) == 200


async def ask_too_often(story: Story) -> None:
    """Ask for more codes than there may be."""
    methods = (await story.me("GET", "/security-info"))[1]["methods"]
    (changed,) = [method["id"] for method in methods if method["hint"] == "+46 •••••••53"]
    assert (await story.change(changed, OFTEN))[0] == 200

    async def refused() -> bool:
        return (await story.send_again(changed))[0] == 429

    await until(refused, what="the end of the quota")


async def break_seals(story: Story, accounts: Any) -> None:
    """Let an address not open, which is an error without a reason and a trace in the log; then remove a phone."""
    document = await accounts.find_one({"_id": story.account})
    targets = {method["target"]["hint"]: id_ for id_, method in document["methods"].items() if "target" in method}
    mail, phone = targets["o•••@home.example"], targets["+46 •••••••51"]
    sealed = {id_: document["methods"][id_]["target"]["value"] for id_ in (mail, phone)}
    place = f"methods.{mail}.target.value"
    await accounts.update_one({"_id": story.account}, {"$set": {place: sealed[phone]}})
    assert (await story.me("DELETE", f"{METHODS}/{phone}"))[0] == 500
    await accounts.update_one({"_id": story.account}, {"$set": {place: sealed[mail]}})
    assert (await story.me("DELETE", f"{METHODS}/{phone}"))[0] == 204
