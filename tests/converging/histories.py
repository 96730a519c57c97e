"""Random histories of an account, made through the real door of organizations and told by its real outbox."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple, cast

from hypothesis import strategies as st

from gateway import accounts as standings
from organizations.account import Account
from organizations.handlers import Handlers
from organizations.organization import Organization
from organizations.pictures import Pictures
from shared.connecting import Collection
from shared.contracts import organizations as contract
from shared.contracts.envelope import Envelope
from shared.contracts.problem import Problem
from shared.deciding import Actor, Command
from shared.facts import Facts
from shared.identifying import Principal, SystemClient
from shared.noticing import Manner
from shared.serving import Call
from shared.storing import Store
from shared.testing import MemoryShelf, facts_at
from tests.converging.steadily import run

ORGANIZATIONS = ("contoso", "fabrikam", "litware")
DOINGS = (
    *("come or go",) * 6,
    *("move", "join", "leave", "remove", "rename", "switch", "switch", "disable", "enable", "sign out", "sign out"),
)
"""What happens, by how likely it is: most of all comings and goings, of which there must be many of one membership."""
BEGAN = facts_at().now
DIRECTORY = SystemClient(client_id="directory", organizations=frozenset({"*"}))


class Step(NamedTuple):
    """Something that happens to the account, or to an organization."""

    do: str
    organization: str


steps = st.lists(
    st.builds(Step, st.sampled_from(DOINGS), st.sampled_from((*ORGANIZATIONS, *ORGANIZATIONS[1:]))),
    min_size=2,
    max_size=20,
)


def moment(number: float) -> datetime:
    """Give the moment of a step by its number; there is one each second."""
    return BEGAN + timedelta(seconds=number)


def ticking(first: int = 0, *, luck: str = "") -> Callable[[], Facts]:
    """Make the clock and the chance of a store: one second and one draw later each time; *luck* tells them apart."""
    numbers = count(first)

    def draw() -> Facts:
        number = next(numbers)
        return Facts(now=moment(number), entropy=f"{luck} {number}".encode())

    return draw


@dataclass(frozen=True)
class Lived:
    """What a history came to: its news in the order in which it happened, and what is so in the end."""

    name: str
    news: tuple[Envelope, ...]
    account: Account
    organizations: dict[str, Organization]
    standing: standings.Account

    @property
    def signed_out_at(self) -> list[datetime]:
        return [envelope.time for envelope in self.news if envelope.source == "/gateway"]


class Life:
    """One account in three organizations; *tag* makes all their names this life's own."""

    def __init__(self, tag: str = "") -> None:
        self.tag, self.name = tag, f"alice{tag}"
        self._numbers = count()
        draw = ticking(luck=tag)
        self._shelves = {source: MemoryShelf() for source in ("accounts", "organizations", "gateway")}
        self._accounts = Store(self._shelves["accounts"], Account, source="/organizations", empty=Account, draw=draw)
        self._organizations: Store[Organization | None] = Store(
            self._shelves["organizations"],
            Organization,
            source="/organizations",
            empty=_none_yet,
            account_of=lambda _key, _state: None,
            draw=draw,
        )
        self._standings = Store(
            self._shelves["gateway"], standings.Account, source="/gateway", empty=standings.Account, draw=draw
        )
        # Nobody has a picture in a history, so there is no collection for them: whoever asks for one fails.
        self._door = Handlers(self._accounts, self._organizations, Pictures(cast("Collection", None)), Manner())

    async def live(self, steps: list[Step]) -> Lived:
        """Live it: the organizations are there and the account is at home in the first one before anything happens."""
        for organization in ORGANIZATIONS:
            await self._do(Step("rename", organization))
        for step in (Step("move", ORGANIZATIONS[0]), *steps):
            with suppress(Problem):  # what the rules refuse has not happened
                await self._do(step)
        keys = [f"{organization}{self.tag}" for organization in ORGANIZATIONS]
        news = [
            Envelope.model_validate(entry["event"])
            for shelf in self._shelves.values()
            for key in (self.name, *keys)
            for entry in await shelf.outbox(key)
        ]
        known = await self._organizations.read_many(keys)
        return Lived(
            name=self.name,
            news=tuple(sorted(news, key=lambda envelope: (envelope.time, envelope.sequence))),
            account=await self._accounts.read(self.name),
            organizations={key: organization for key, organization in known.items() if organization},
            standing=await self._standings.read(self.name),
        )

    async def _do(self, step: Step) -> None:
        organization_id = f"{step.organization}{self.tag}"
        own = self._call(Principal(account=self.name), organization_id)
        foreign = self._call(DIRECTORY, organization_id)
        account = await self._accounts.read(self.name)
        away = step.do == "come or go" and organization_id not in account.memberships
        if away or step.do == "join":
            await self._door.start_membership(foreign)
        elif step.do == "remove":
            await self._door.end_membership(foreign)
        elif step.do in {"leave", "come or go"}:
            await self._door.leave_organization(own)
        elif step.do == "rename":
            name = f"{step.organization} {own.command.id}"
            wish = contract.PutOrganization(name=name, privacy_statement=f"https://{organization_id}.example/")
            await self._door.put_organization(foreign, wish)
        elif step.do == "sign out":
            await self._standings.change(self.name, standings.sign_out, command=own.command)
        else:
            home = organization_id if step.do == "move" else account.home or organization_id
            before = account.disabled_at is not None
            disabled = {"move": before, "switch": not before, "disable": True, "enable": False}[step.do]
            await self._door.put_account(foreign, contract.PutAccount(home_organization=home, disabled=disabled))

    def _call(self, caller: Principal | SystemClient, organization_id: str) -> Call:
        actor = Actor("user", self.name) if isinstance(caller, Principal) else Actor("system", caller.client_id)
        command = Command(id=f"step{next(self._numbers)}", digest="", actor=actor)
        return Call(caller=caller, command=command, path={"account": self.name, "organization_id": organization_id})


def lived(steps: list[Step], tag: str = "") -> Lived:
    """Live a history."""
    return run(Life(tag).live(steps))


def _none_yet() -> Organization | None:
    return None
