"""What the news of organizations comes to, and what each service must have made of it in the end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.faults.comings_and_goings import AWAYS, Person, Taken
from tests.faults.listening import Heard
from tests.faults.members import HOME

CAUSES = {
    "started": {"home", "join", "restore"},
    "ended": {"leave", "remove"},
    "purged": {"join"},
    "disabled": {"account"},
    "enabled": {"account"},
}
"""Which commands lead to which news; purged is also what the time is over of."""


@dataclass
class Membership:
    """What became of an account's memberships of one organization."""

    status: str = "never"
    ids: list[str] = field(default_factory=list)
    purged: set[str] = field(default_factory=set)
    news: list[tuple[str, str, int]] = field(default_factory=list)
    sequence: str = ""
    noted: str = ""
    """The newest news of a start or an end, which is all that security-info hears."""

    def take(self, what: str, event: dict[str, Any]) -> None:
        """Take one piece of news, which must follow on what came before."""
        data, before = event["data"], self.status
        how = data.get("reason", "")
        if what == "started":
            how = "restored" if data["restored"] else "anew"
            assert before in ({"ended"} if data["restored"] else {"never", "purged"}), f"{how} after {before}"
            if not data["restored"]:
                assert data["membership_id"] not in self.ids
                self.ids.append(data["membership_id"])
        else:
            assert before == {"ended": "member", "purged": "ended"}[what], f"{what} after {before}"
        assert data["membership_id"] == self.ids[-1]
        self.status = {"started": "member"}.get(what, what)
        self.sequence = event["sequence"]
        if what == "purged":
            self.purged.add(self.ids[-1])
        else:
            self.noted = event["sequence"]
        self.news.append((what, how, len(self.ids)))


@dataclass
class Outcome:
    """What became of an account."""

    memberships: dict[str, Membership] = field(default_factory=dict)
    disabled: bool = False
    standing: str = ""
    """The sequence of what was told last of whether it may be used."""


def outcome_of(news: Heard, taken: dict[str, Taken]) -> Outcome:
    """Follow the news of organizations; each is of one command that was accepted, and each of these is told once."""
    outcome, told = Outcome({name: Membership() for name in (HOME, *AWAYS)}), Counter[tuple[str, str]]()
    for event in news:
        what, cause = event["type"].split(".")[3], event["causationid"]
        if what != "purged" or not cause.startswith("purge-"):
            assert cause in taken, f"{what} by what nobody was told of: {event}"
            assert taken[cause].do in CAUSES[what]
        told[what, cause] += 1
        if what in {"disabled", "enabled"}:
            assert outcome.disabled is (what == "enabled")
            outcome.disabled, outcome.standing = what == "disabled", event["sequence"]
        else:
            outcome.memberships[event["data"]["organization_id"]].take(what, event)
    swept = {pair for pair in told if pair[1].startswith("purge-")}
    assert {pair: times for pair, times in told.items() if times > 1 and pair not in swept} == {}
    for id_, command in taken.items():
        if command.do == "leave":
            assert told["ended", id_] == 1, f"someone was told to have left: {command}"
    return outcome


def as_believed(who: Person, outcome: Outcome) -> list[str]:
    """Tell where the news of organizations is something else than what its one client was answered."""
    beliefs = {name: (belief.status, belief.news) for name, belief in who.beliefs.items()}
    told = {name: (outcome.memberships[name].status, outcome.memberships[name].news) for name in AWAYS}
    return differing("the news", (told, outcome.disabled), (beliefs, who.disabled))


def copies(outcome: Outcome, of: str) -> dict[str, Any]:
    """Give what a service must have kept of the memberships."""
    known = {name: one for name, one in outcome.memberships.items() if one.status != "never"}
    if of == "devices":
        return {name: (one.status == "member", one.ids[-1], one.sequence) for name, one in known.items()}
    return {name: (one.status == "member", name == HOME, one.noted) for name, one in known.items()}


def devices_of_one(who: Person) -> tuple[set[str], set[str]]:
    """Give the devices that must be connected, and those that must be remembered, of who had one client."""
    by_status = {
        status: {id_ for one in who.beliefs.values() if one.status == status for id_ in one.devices}
        for status in ("member", "ended")
    }
    return by_status["member"], by_status["ended"]


def devices_of_all(who: Person, outcome: Outcome, kept: dict[str, Any]) -> list[str]:
    """Tell which devices are not as the membership is under which they were put in."""
    wrong = [f"{id_} was never taken" for id_ in kept if id_ not in who.tablets]
    for id_, name in who.tablets.items():
        membership, device = outcome.memberships[name], kept.get(id_)
        if device is None:
            wrong += [] if membership.purged else [f"{id_} is gone"]
        elif device["membership"] not in set(membership.ids) - membership.purged:
            wrong.append(f"{id_} should be gone")
        elif bool(device["disconnected_at"]) is (membership.status == "member"):
            wrong.append(f"{id_} is connected or not, and {name} is {membership.status}")
    return wrong


def switched(news: Heard) -> tuple[set[str], dict[str, bool]]:
    """Follow the news of devices; give those that are connected by it, and which are disabled or enabled by it."""
    connected, disabled = set[str](), dict[str, bool]()
    for event in news:
        what, id_ = event["type"].split(".")[3], event["data"].get("device_id")
        if what == "connected":
            assert id_ not in connected
            connected.add(id_)
        elif what == "disconnected":
            connected.remove(id_)
        elif what in {"disabled", "enabled"}:
            disabled[id_] = what == "disabled"
    return connected, disabled


def differing(what: str, found: Any, wanted: Any) -> list[str]:
    """Tell where something is not as it should be."""
    return [] if found == wanted else [f"{what} is {found}, not {wanted}"]
