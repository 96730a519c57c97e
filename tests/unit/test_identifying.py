"""The gateway's tokens: for one service, for a minute, from one key."""

import time

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey

from shared.contracts.problem import NotSignedIn
from shared.identifying import ALGORITHM, ISSUER, LIFETIME, Principal, Signer, SystemClient, Verifier, new_key

KEY = new_key()
ALICE = Principal(account="alice", language="sv", amr=("pwd",))
DIRECTORY = SystemClient(
    client_id="directory", scopes=frozenset({"accounts.write"}), organizations=frozenset({"contoso", "fabrikam"})
)


def verifier(audience: str = "privacy") -> Verifier:
    return Verifier(KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]}), audience)


def token(key=KEY, algorithm: str = ALGORITHM, **changes: object) -> str:
    moment = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": "privacy",
        "sub": "alice",
        "iat": moment,
        "exp": moment + LIFETIME,
        "principal": {},
        **changes,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])


def test_a_minted_token_brings_the_principal_over():
    assert verifier().caller(f"Bearer {Signer(KEY).token(ALICE, 'privacy')}") == ALICE


def test_a_minted_token_brings_the_system_over():
    caller = verifier().caller(f"Bearer {Signer(KEY).token(DIRECTORY, 'privacy')}")
    assert caller == DIRECTORY
    assert isinstance(caller, SystemClient)


@pytest.mark.parametrize("acts_for", ["system", "administrator"])
def test_whom_a_system_acts_for_comes_over_too(acts_for: str):
    system = SystemClient(client_id="helpdesk", acts_for=acts_for)
    assert verifier().caller(f"Bearer {Signer(KEY).token(system, 'privacy')}").acts_for == acts_for


def test_a_token_of_a_system_is_no_persons_who_is_called_the_same():
    signer = Signer(KEY)
    person, system = Principal(account="directory"), SystemClient(client_id="directory")
    callers = [verifier().caller(f"Bearer {signer.token(who, 'privacy')}") for who in (person, system, person)]
    assert callers == [person, system, person]
    assert [isinstance(caller, SystemClient) for caller in callers] == [False, True, False]


def test_a_token_that_says_both_is_a_systems():
    """No such token is minted; were it, it would have the rights of fewer."""
    both = token(system={"scopes": []}, principal={"name": "Alice"})
    assert verifier().caller(f"Bearer {both}") == SystemClient(client_id="alice")


@pytest.mark.parametrize(
    ("organizations", "speaks"),
    [
        ({"contoso"}, {"contoso"}),
        ({"contoso", "fabrikam"}, {"contoso", "fabrikam"}),
        ({"*"}, {"contoso", "fabrikam", "*", ""}),
        ({"conto", "contoso.fabrikam", "CONTOSO"}, set()),
        (set(), set()),
    ],
)
def test_a_system_speaks_for_the_organizations_it_is_bound_to(organizations: set[str], speaks: set[str]):
    system = SystemClient(client_id="directory", organizations=frozenset(organizations))
    assert {name for name in ("contoso", "fabrikam", "*", "") if system.speaks_for(name)} == speaks


def test_a_token_is_minted_once_for_a_while():
    signer = Signer(KEY)
    assert signer.token(ALICE, "privacy") == signer.token(ALICE, "privacy")
    assert signer.token(ALICE, "privacy") != signer.token(ALICE, "security-info")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer nonsense",
        "Basic YWxpY2U6eA==",
        f"Bearer {token(exp=int(time.time()) - 10)}",
        f"Bearer {token(exp=None)}",
        f"Bearer {token(aud='security-info')}",
        f"Bearer {token(aud=None)}",
        f"Bearer {token(iss='someone')}",
        f"Bearer {token(sub=None)}",
        f"Bearer {token(principal=None)}",
        f"Bearer {token(principal={'amr': 7})}",
        f"Bearer {token(principal=None, system=7)}",
        f"Bearer {token(principal=None, system={'scopes': 7})}",
        f"Bearer {token(principal=None, system={'acts_for': 'alice'})}",
        f"Bearer {token(principal=None, system={'client_id': 'another'})}",
        f"Bearer {token(system=None, sub=7)}",
        f"Bearer {token(new_key())}",
        f"Bearer {token(OctKey.generate_key(256), 'HS256')}",
        f"Bearer {token(OctKey.import_key(KEY.as_dict(private=False)['x']), 'HS256')}",
        f"Bearer {token().rpartition('.')[0]}.",
        "Bearer eyJhbGciOiJub25lIn0." + token().split(".")[1] + ".",
    ],
)
def test_anything_else_is_not_signed_in(authorization: str | None):
    with pytest.raises(NotSignedIn):
        verifier().caller(authorization)


def test_a_known_token_dies_with_its_time(monkeypatch: pytest.MonkeyPatch):
    checker = verifier()
    good = f"Bearer {token()}"
    checker.caller(good)
    later = time.time() + LIFETIME + 10
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(NotSignedIn):
        checker.caller(good)
