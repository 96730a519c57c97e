"""How people, their things and the programs they use are shown."""

from typing import Protocol

from babel import Locale
from markupsafe import Markup

from shared.contracts.devices import Device
from shared.contracts.envelope import Client


class Somewhere(Protocol):
    """What was at a place, coarsely."""

    @property
    def country(self) -> str | None:
        """Give the country (ISO 3166-1 alpha-2)."""

    @property
    def city(self) -> str | None:
        """Name the city."""


def initials(name: str) -> str:
    """Give up to two letters for a person's picture; a name without letters has none."""
    words = [word for word in name.partition("@")[0].replace(".", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def quoted(name: str) -> Markup:
    """Keep a name that someone typed apart from the sentence around it, whichever way it runs."""
    return Markup("<bdi>{}</bdi>").format(name)


def parted(address: str) -> Markup:
    """Quote an e-mail address, which may go on in the next line behind its @: else it would break anywhere."""
    return Markup("<bdi>{}</bdi>").format(Markup("@<wbr>").join(address.split("@")))


def client_words(client: Client, locale: Locale) -> list[str]:
    """Tell what is known of the program and the place: "Firefox, Linux" and "Malmö, Sweden"."""
    program = ", ".join(part for part in (client.browser, client.os) if part)
    return [words for words in (program, place(client, locale)) if words]


def place(seen: Somewhere, locale: Locale) -> str:
    """Tell the place, as far as it is known: "Malmö, Sweden"."""
    country = locale.territories.get(seen.country or "", seen.country)
    return ", ".join(part for part in (seen.city, country) if part)


def made_by(device: Device) -> str:
    """Name maker and model; many a model has its maker's name in it already."""
    maker, model = device.maker or "", device.model or ""
    return model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()
