"""News: what has happened, in the past tense, each under one wire name that is written out once."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

_FEWEST_PARTS = 4


class Event(BaseModel):
    """Something that happened to an account, or where *of_account* is false to something else.

    Unknown fields are ignored on reading and new fields are optional, so that old and new processes
    understand each other; anything else is a new version beside this one. Fields hold opaque ids, types,
    labels that the person chose and masked hints: never a number, an address, a code or a key.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    wire: ClassVar[str]
    tells_person: ClassVar[bool] = False
    of_account: ClassVar[bool] = True

    @classmethod
    def owner(cls) -> str:
        """Name the one process that may publish this event, which is also its broker user."""
        return cls.wire.split(".")[1]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Enter the event in the register, refusing a wire name that is taken or malformed."""
        parts = cls.wire.split(".")
        if parts[0] != "profile" or len(parts) < _FEWEST_PARTS or not parts[-1].removeprefix("v").isdigit():
            raise TypeError(f"{cls.__name__}: {cls.wire!r} is not profile.<owner>.<what>.<happened>.v<n>")
        if cls.wire in REGISTER:
            raise TypeError(f"{cls.__name__}: {cls.wire!r} is {REGISTER[cls.wire].__name__} already")
        REGISTER[cls.wire] = cls


REGISTER: dict[str, type[Event]] = {}
