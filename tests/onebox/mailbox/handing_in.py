"""What comes into a mailbox."""

import itertools

from shared.sending import Call, Mail, Text

SECRET = "a-secret-that-only-the-services-know"
FROM = "no-reply@portal.example"
TO = "asa.lindqvist@contoso.example"
NUMBER = "+46701740605"
_count = itertools.count(1)


def _new_id():
    return f"0198c0de-0000-7000-8000-{next(_count):012}"


def mail(**other):
    told = {
        "to": TO,
        "subject": "Din kod är 718402",
        "text": "Hej Åsa!\n\nDin kod är 718402.\n",
        "html": '<!doctype html><html lang="sv"><body><p>Hej Åsa! Din kod är <b>718402</b>.</p></body></html>',
        "id": _new_id(),
    }
    return Mail(**{**told, **other})


def text(**other):
    told = {"to": NUMBER, "text": "718402 är din kod för Min profil.\n@localhost #718402", "language": "sv"}
    return Text(**{"id": _new_id(), **told, **other})


def call(**other):
    told = {"to": NUMBER, "text": "Your code is: 7, 1, 8, 4, 0, 2.", "language": "en"}
    return Call(**{"id": _new_id(), **told, **other})
