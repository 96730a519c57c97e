import base64
import hashlib
import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

import devices.settings
import gateway.settings
import organizations.settings
import privacy.settings
import security_info.settings
from gateway.documents import ENDPOINTS

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SETTINGS = {
    "security-info": security_info.settings.Settings,
    "devices": devices.settings.Settings,
    "organizations": organizations.settings.Settings,
    "privacy": privacy.settings.Settings,
    "gateway": gateway.settings.Settings,
}
OPEN_FILES = ("compose.yaml", "compose/trial.yaml", "compose/realm.json", "compose/rabbitmq.conf", "Dockerfile")


def make_secrets(folder):
    subprocess.run([sys.executable, DEPLOY / "compose/secrets", folder], check=True, timeout=60)


def loaded(name):
    return yaml.safe_load((DEPLOY / name).read_text())


def variables(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@pytest.fixture(scope="module")
def compose():
    return loaded("compose.yaml")


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


@pytest.fixture(scope="module")
def private(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compose") / "private"
    make_secrets(folder)
    return folder


@pytest.fixture
def told(services, private):
    """What a process finds in its environment: its file of secrets, and what the compose file adds."""

    def give(process):
        file = services[process]["env_file"]
        assert Path(file).parent == Path("compose/private")
        return {**variables(private / Path(file).name), **services[process].get("environment", {})}

    return give


def in_environment(monkeypatch, given, process):
    for field in SETTINGS[process].model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return SETTINGS[process]()


def published(services):
    return {name: one["ports"] for name, one in services.items() if "ports" in one}


def test_every_process_is_there_built_from_its_own_code(services):
    for process in SETTINGS:
        build = services[process]["build"]
        assert build == {"context": "..", "dockerfile": "deploy/Dockerfile", "args": {"SERVICE": process}}
        assert services[process]["image"] == f"my-profile/{process}"
        assert "entrypoint" not in services[process]


@pytest.mark.parametrize("process", SETTINGS)
def test_every_variable_is_a_setting_of_its_process(process, told):
    known = {field.upper() for field in SETTINGS[process].model_fields}
    assert set(told(process)) - known == set()


@pytest.mark.parametrize("process", SETTINGS)
def test_a_process_is_told_everything_that_it_needs(process, told, monkeypatch):
    settings = in_environment(monkeypatch, told(process), process)
    assert settings.local_master_key is not None
    assert not settings.allow_old_mongodb
    assert not settings.one_broker_user


def test_the_door_signs_with_the_key_that_the_services_trust(told, monkeypatch):
    key = in_environment(monkeypatch, told("gateway"), "gateway").key()
    for process in set(SETTINGS) - {"gateway"}:
        trusted = in_environment(monkeypatch, told(process), process).key_set()
        assert [one.as_dict() for one in trusted.keys] == [key.as_dict(private=False)]
        assert "SIGNING_KEY" not in told(process)


def test_proofs_are_signed_by_security_info_alone_and_checked_where_they_are_needed(told, monkeypatch):
    signing = in_environment(monkeypatch, told("security-info"), "security-info").proof_signing_key()
    needed = {name for name, several in ENDPOINTS.items() if any(endpoint.needs_proof for endpoint in several)}
    assert needed == {"security-info", "devices", "organizations"}
    for process in SETTINGS:
        assert ("PROOF_KEYS" in told(process)) == (process in needed)
        assert ("PROOF_KEY" in told(process)) == (process == "security-info")
    for process in needed:
        trusted = in_environment(monkeypatch, told(process), process).proof_key_set()
        assert [one.as_dict() for one in trusted.keys] == [signing.as_dict(private=False)]
        assert told(process)["PROOF_KEYS"] != told(process)["GATEWAY_KEYS"]


def test_security_keys_belong_to_the_pages_that_the_gateway_serves(told, monkeypatch):
    party = in_environment(monkeypatch, told("security-info"), "security-info").relying_party()
    page = told("gateway")["PUBLIC_URL"]
    assert party.origins == (page,)
    assert party.id == urlsplit(page).hostname


def test_an_issue_time_stands_for_no_sign_in_where_the_provider_is_another(told, monkeypatch):
    assert not in_environment(monkeypatch, told("gateway"), "gateway").issue_time_as_auth_time


@pytest.mark.parametrize("process", SETTINGS)
def test_a_process_comes_to_database_and_broker_as_itself(process, told, services, private):
    mongodb, rabbitmq = urlsplit(told(process)["MONGO_URL"]), urlsplit(told(process)["AMQP_URL"])
    assert {mongodb.hostname, rabbitmq.hostname} <= set(services)
    assert mongodb.username == rabbitmq.username == process
    assert mongodb.path.strip("/") == SETTINGS[process].model_fields["database"].default
    assert mongodb.password == json.loads((private / "mongodb-users.json").read_text())[process]
    definitions = json.loads((private / "rabbitmq-definitions.json").read_text())
    (user,) = (one for one in definitions["users"] if one["name"] == process)
    stored = base64.b64decode(user["password_hash"])
    assert hashlib.sha256(stored[:4] + rabbitmq.password.encode()).digest() == stored[4:]


def test_the_door_finds_every_service_at_the_port_of_the_image(told, services):
    (port,) = re.findall(r"\bPORT=(\d+)", (DEPLOY / "Dockerfile").read_text())
    for process in set(SETTINGS) - {"gateway"}:
        address = told("gateway")[f"{process.replace('-', '_').upper()}_URL"]
        assert address == f"http://{process}:{port}"
        assert "PORT" not in told(process)
    assert set(services["gateway"]["networks"]) > set(services["privacy"]["networks"])


def test_no_secret_stands_in_a_file_for_everybody(private, compose):
    kept = json.loads((private / "secrets.json").read_text())
    secrets = [*kept["master_keys"].values(), *kept["broker_passwords"].values(), *kept["mongodb_passwords"].values()]
    secrets += [
        kept["signing_key"]["d"],
        kept["proof_key"]["d"],
        *(file.read_text() for file in private.glob("mongodb-[ko]*")),
    ]
    secrets += [variables(private / "provider.env")[name] for name in ("CLIENT_SECRET", "TRIAL_PASSWORD")]
    assert len(secrets) > 20
    assert all(len(secret) >= 20 for secret in secrets)
    text = "".join((DEPLOY / name).read_text() for name in OPEN_FILES)
    assert not [secret for secret in secrets if secret in text]
    for one in [*compose["services"].values(), *loaded("compose/trial.yaml")["services"].values()]:
        for name, value in one.get("environment", {}).items():
            assert name.endswith("_FILE") or not re.search("KEY|SECRET|PASSWORD|TOKEN|CREDENTIAL", name), name
            assert "@" not in value, name
    for one in [*loaded("compose/realm.json")["users"][0]["credentials"], *loaded("compose/realm.json")["clients"]]:
        assert re.fullmatch(r"\$\{\w+\}", one.get("value") or one["secret"])


def test_only_the_gateway_is_published_and_to_this_machine_alone(services):
    assert published(services) == {"gateway": ["${PUBLISH:-127.0.0.1:8080}:8080"]}
    assert published(loaded("compose/trial.yaml")["services"]) == {"gateway": ["127.0.0.1:8090:8090"]}
    ways_out = {"gateway": ["outside"], "security-info": ["post"], "organizations": ["post"]}
    for name, one in services.items():
        assert "network_mode" not in one
        assert one["networks"] == ["inside", *ways_out.get(name, [])]


def test_the_trial_provider_is_the_one_that_the_gateway_is_told_of(told, private):
    provider, realm = loaded("compose/trial.yaml")["services"]["provider"], loaded("compose/realm.json")
    (client,) = realm["clients"]
    issuer, origin = told("gateway")["ISSUER"], told("gateway")["PUBLIC_URL"]
    assert f"--hostname={issuer.removesuffix('/realms/' + realm['realm'])}" in provider["command"]
    assert told("gateway")["CLIENT_ID"] == client["clientId"]
    assert told("gateway")["CLIENT_SECRET"] == variables(private / "provider.env")["CLIENT_SECRET"]
    assert client["redirectUris"] == [f"{origin}/signed-in"]
    assert client["attributes"]["post.logout.redirect.uris"] == f"{origin}/signed-out"


def test_processes_can_change_nothing_and_gain_no_rights(services):
    for name in (*SETTINGS, "set-up"):
        assert services[name]["read_only"] is True
    for one in services.values():
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert "cap_add" not in one
        assert "privileged" not in one


def test_processes_wait_for_broker_and_database(services):
    for process in SETTINGS:
        assert services[process]["depends_on"] == {
            "rabbitmq": {"condition": "service_healthy"},
            "set-up": {"condition": "service_completed_successfully"},
        }
    assert services["set-up"]["depends_on"] == {"mongodb": {"condition": "service_healthy"}}
    assert "healthcheck" in services["rabbitmq"]
    assert "healthcheck" in services["mongodb"]
    assert "HEALTHCHECK" in (DEPLOY / "Dockerfile").read_text()


def test_every_file_that_is_named_is_there_or_made(compose, private):
    every = [*compose["services"].values(), *loaded("compose/trial.yaml")["services"].values()]
    for volume in (volume for one in every for volume in one.get("volumes", [])):
        source = volume.split(":")[0]
        assert (DEPLOY / source).exists() if source.startswith(".") else source in compose["volumes"]
    named = [Path(one["file"]) for one in compose["secrets"].values()]
    named += [Path(one["env_file"]) for one in every if "env_file" in one]
    assert {file.parent for file in named} == {Path("compose/private")}
    assert all((private / file.name).exists() for file in named)
    used = {secret for one in every for secret in one.get("secrets", [])}
    assert used == set(compose["secrets"])


def test_what_is_secret_stays_out_of_git_and_images_and_from_other_people(private):
    assert (DEPLOY / "compose/.gitignore").read_text().split() == ["private/"]
    ignored = (DEPLOY.parent / ".dockerignore").read_text().split("\n")
    assert "*" in ignored
    assert not [line for line in ignored if line.startswith("!deploy")]
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    for file in [*private.glob("*.env"), private / "secrets.json"]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_making_the_secrets_again_keeps_them_and_what_was_changed_by_hand(tmp_path):
    make_secrets(tmp_path / "private")
    door = tmp_path / "private/gateway.env"
    door.write_text(door.read_text().replace("CLIENT_ID=my-profile", "CLIENT_ID=another") + "MAX_AGE=3600\n")
    trial = tmp_path / "private/provider.env"
    whole = trial.read_text()
    trial.write_text("".join(whole.splitlines(keepends=True)[:-1]))
    before = {file.name: file.read_bytes() for file in (tmp_path / "private").iterdir()}
    make_secrets(tmp_path / "private")
    after = {file.name: file.read_bytes() for file in (tmp_path / "private").iterdir()}
    anew = {"rabbitmq-definitions.json", "provider.env"}
    assert {name for name in before if before[name] != after[name]} == anew
    assert before.keys() == after.keys()
    assert variables(trial).keys() == dict(line.split("=", 1) for line in whole.splitlines()).keys()
