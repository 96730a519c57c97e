"""Recovery codes: for the day on which everything else is out of reach; ten, each good once, shown once."""

from typing import Literal

from pydantic_core import from_json, to_json

from security_info.methods import codes
from security_info.methods.kind import Kind, Method
from shared.facts import Facts
from shared.sealing import Secret

KIND = Kind(
    type="recovery-codes",
    limit=1,
    purposes=("two_step",),
    counts_for=frozenset(),
    names={"en": "Recovery codes", "sv": "Återställningskoder"},
    proves=True,
    can_be_renamed=False,
)
HOW_MANY = 10
_LENGTH = 12


class RecoveryCodes(Method):
    """The digests of the codes that are left, sealed; how many they are lies beside."""

    type: Literal["recovery-codes"] = "recovery-codes"
    codes: Secret
    remaining: int = HOW_MANY

    def without(self, code: str) -> "RecoveryCodes | None":
        """Give them with *code* used up, or None where it is none of them; the codes must be opened."""
        kept = [bytes.fromhex(text) for text in from_json(self.codes.value)]
        left = [digest for digest in kept if not codes.same(code, digest)]
        if len(left) == len(kept):
            return None
        return self.with_changes(codes=sealable(left), remaining=len(left))


def new_codes(facts: Facts) -> tuple[str, ...]:
    """Draw ten codes of 60 bits each."""
    return tuple(
        codes.grouped(codes.drawn(facts.secret(f"recovery-code:{number}", _LENGTH), _LENGTH))
        for number in range(HOW_MANY)
    )


def sealable(digests: list[bytes]) -> Secret:
    """Give what is kept of codes."""
    return Secret(to_json([digest.hex() for digest in digests]).decode())
