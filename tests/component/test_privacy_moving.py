"""An installation of before keeps what it knew of memberships."""

from privacy import belonging
from privacy.account import Account
from privacy.moving import Mover
from shared.connecting import safe
from shared.contracts.envelope import Envelope
from shared.contracts.organizations import MembershipStarted
from shared.copying import Copies
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.composing import EXAMPLES, command


def news(number):
    return Envelope.model_validate(EXAMPLES[MembershipStarted.wire] | {"sequence": f"{number:010}"})


async def test_copies_of_memberships_move_into_the_accounts_and_newer_news_stays(own_database):
    memberships = safe(own_database, "memberships")
    store = Store(MongoShelf(safe(own_database, "accounts")), Account, source="/privacy", empty=Account)
    copies = Copies(memberships)
    await copies.take("alice", "contoso", news(3), {"home": False})
    await copies.take("alice", "fabrikam", news(3), {"home": True})
    await copies.take("alice", "litware", news(4), None)
    await copies.take("bob", "contoso", news(1), {"home": True})
    await copies.take("bob", "litware", news(2), {"home": False})

    def part(state, facts):
        return belonging.part(state, facts, organization_id="litware", sequence=f"{5:010}")

    await store.change("bob", part, command=command("newer"))
    for _ in range(2):
        await Mover(memberships, store).run()
        alice, bob = [await store.read(name) for name in ("alice", "bob")]
        assert alice.organizations() == ("fabrikam", "contoso")
        assert alice.home.organization_id == "fabrikam"
        assert alice.memberships["litware"].sequence == f"{4:010}"
        assert bob.organizations() == ("contoso",)
    assert await memberships.count_documents({}) == 0
