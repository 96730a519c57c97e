"""How people, their things and the programs they use are shown."""

from babel import Locale
from markupsafe import Markup

from shared.contracts.envelope import Client


def initials(name: str) -> str:
    """Give up to two letters for a person's picture; a name without letters has none."""
    words = [word for word in name.partition("@")[0].replace(".", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def quoted(name: str) -> Markup:
    """Keep a name that someone typed apart from the sentence around it, whichever way it runs."""
    return Markup("<bdi>{}</bdi>").format(name)


def client_words(client: Client, locale: Locale) -> list[str]:
    """Tell what is known of the program and the place: "Firefox, Linux" and "Malmö, Sweden"."""
    country = locale.territories.get(client.country or "", client.country)
    pairs = ((client.browser, client.os), (client.city, country))
    return [", ".join(part for part in pair if part) for pair in pairs if any(pair)]
