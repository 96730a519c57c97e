"""The demo people of onebox, as `demo.yaml` knows them."""

from dataclasses import dataclass
from pathlib import Path

from onebox.directory_file import read

DEMO_DIRECTORY = read(Path(__file__).with_name("demo.yaml"))
DEMO_PASSWORD = "profile-demo"  # noqa: S105 - printed for everyone who runs onebox on their laptop


@dataclass(frozen=True)
class Account:
    """Name a person whom the provider of onebox can sign in; `user_name` becomes the claim `sub`."""

    user_name: str
    given_name: str
    family_name: str
    email: str
    password: str = DEMO_PASSWORD
    situation: str = ""

    @property
    def name(self) -> str:
        """Give the whole name, given name first."""
        return f"{self.given_name} {self.family_name}"


DEMO_ACCOUNTS = tuple(
    Account(name, person.given_name, person.family_name, person.email, situation=person.situation)
    for name, person in DEMO_DIRECTORY.people.items()
)
