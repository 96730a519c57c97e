"""The demo people of onebox."""

from dataclasses import dataclass

DEMO_PASSWORD = "profile-demo"  # noqa: S105 - printed for everyone who runs onebox on their laptop


@dataclass(frozen=True)
class Account:
    """Name a person whom the provider of onebox can sign in; `user_name` becomes the claim `sub`."""

    user_name: str
    given_name: str
    family_name: str
    email: str
    password: str = DEMO_PASSWORD

    @property
    def name(self) -> str:
        """Give the whole name, given name first."""
        return f"{self.given_name} {self.family_name}"


DEMO_ACCOUNTS = (
    Account("alice", "Alice", "Lindqvist", "alice@contoso.example"),
    Account("bob", "Bob", "Okafor", "bob@contoso.example"),
    Account("chandra", "Chandra", "Väisänen-Ramírez", "chandra@contoso.example"),
)
