"""What an organization or a person may fill stays within the 16 MiB that a document may have."""

from datetime import UTC, datetime

import pytest
from bson import encode

from privacy.account import MOST_ACCEPTED, MOST_CONNECTIONS, MOST_CONNECTIONS_IN_ALL, Accepted, Account, Connection
from privacy.connections import connect
from privacy.register import MOST_TERMS, MOST_VERSIONS, Register, Service, Terms, Version
from privacy.terms.rendering_apart import MOST_HTML
from shared.contracts.privacy import TextOfTerms
from shared.contracts.privacy.problems import RegisterFull
from shared.contracts.privacy.terms import LONGEST, MOST_LANGUAGES
from shared.storing.store import MOST_COMMANDS
from shared.testing import facts_at
from tests.unit.test_privacy_views import member

MOST = 16 * 1024 * 1024
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SIGN = "\U0001f642"  # of which one takes the most bytes
NAME = SIGN * 120
ID = "x" * 59


def id_of(number):
    return f"{number:05}{ID}"


def test_an_account_is_far_from_full_with_all_that_may_be_in_it():
    account = Account()
    for organization in range(MOST_CONNECTIONS_IN_ALL // MOST_CONNECTIONS):
        some = {
            id_of(number): Connection(entry="e" * 36, name=NAME, under="0" * 10, since=NOW, last_used_at=NOW)
            for number in range(MOST_CONNECTIONS)
        }
        account = account.with_connections(id_of(organization), some)
    proof = Accepted(version=ID, language="abc-DE", digest="0" * 64, at=NOW, session="s" * 128)
    proofs = {id_of(number): {"t": (proof,) * MOST_VERSIONS} for number in range(MOST_ACCEPTED // MOST_VERSIONS)}
    account = account.model_copy(update={"accepted": proofs})
    assert len(account.entries) == MOST_CONNECTIONS_IN_ALL
    assert account.number_of_acceptances == MOST_ACCEPTED
    answer = proof.model_dump(exclude={"session"})
    commands = {id_of(number): {"at": NOW, "digest": "0" * 32, "answer": answer} for number in range(MOST_COMMANDS)}
    assert len(encode({**account.model_dump(), "commands": commands})) < MOST / 4


def test_an_account_is_connected_to_so_many_services_in_all():
    account = member("contoso")
    connection = Connection(entry="e", name="Mail", under="1", since=NOW)
    for organization in range(MOST_CONNECTIONS_IN_ALL // MOST_CONNECTIONS):
        some = {str(number): connection for number in range(MOST_CONNECTIONS)}
        account = account.with_connections(f"o{organization}", some)
    about = {"organization_id": "contoso", "service_id": "mail", "service": Service(entry="e1", name="Mail")}
    with pytest.raises(RegisterFull) as refused:
        connect(account, facts_at(), **about)
    assert refused.value.limit == MOST_CONNECTIONS_IN_ALL


def test_terms_take_little_of_a_register():
    languages = [f"a{chr(97 + number)}-DE" for number in range(MOST_LANGUAGES)]
    earlier = Version(version=f"v{ID}", material=True, source="0" * 64, published_at=NOW)
    told = {"titles": dict.fromkeys(languages, NAME), "digests": dict.fromkeys(languages, "0" * 64)}
    terms = Terms(versions=(*(earlier,) * (MOST_VERSIONS - 1), earlier.model_copy(update=told)))
    register = Register(terms={id_of(number): terms for number in range(MOST_TERMS)})
    assert len(encode(register.model_dump())) < MOST / 8


def test_the_texts_of_a_version_lie_in_a_document():
    markdown, html, titles = 5 * LONGEST, MOST_HTML, MOST_LANGUAGES * len(NAME)
    assert len(SIGN.encode()) * (markdown + html + titles) < MOST / 2
    assert TextOfTerms.model_fields["markdown"].metadata[-1].max_length == LONGEST
