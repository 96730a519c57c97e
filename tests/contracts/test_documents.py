import json

from gateway.documents import ENDPOINTS, EVENTS
from onebox import documents
from privacy import app as privacy
from security_info import app as security_info


def test_the_committed_documents_are_current():
    assert documents.stale() == []


def test_a_missing_or_changed_document_is_stale(tmp_path):
    assert documents.stale(tmp_path) == [documents.OPENAPI, documents.ASYNCAPI, documents.DEFINITIONS]
    for path, content in documents.documents().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert documents.stale(tmp_path) == []
    (tmp_path / documents.ASYNCAPI).write_text("{}")
    assert documents.stale(tmp_path) == [documents.ASYNCAPI]


def test_check_gives_1_and_names_what_is_stale(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(documents, "stale", lambda: [documents.OPENAPI])
    assert documents.main(["--check"]) == 1
    assert "docs/api/openapi.json" in capsys.readouterr().err
    monkeypatch.setattr(documents, "stale", list)
    assert documents.main(["--check"]) == 0


def test_definitions_with_users_are_printed_and_hold_no_password(tmp_path, capfdbinary):
    users = tmp_path / "users.json"
    users.write_text(json.dumps({"privacy": "not-to-be-seen", "subscriber": "neither-this"}))
    assert documents.main(["--users", str(users)]) == 0
    printed = capfdbinary.readouterr().out
    assert {user["name"] for user in json.loads(printed)["users"]} == {"privacy", "subscriber"}
    assert b"not-to-be-seen" not in printed


def test_the_tables_of_contents_serve_what_the_contracts_promise():
    assert set(security_info.ENDPOINTS) == set(ENDPOINTS["security-info"])
    assert set(privacy.ENDPOINTS) == set(ENDPOINTS["privacy"])


def test_only_events_that_are_promised_are_reacted_to():
    promised = {event.wire for event in EVENTS}
    for names in documents.CONSUMERS.values():
        assert set(names) <= promised
