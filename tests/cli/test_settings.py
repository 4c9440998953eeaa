from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from services.outbox.mail_server import mail_server
from services.settings import Settings, SettingsError, read_settings
from tests.cli.command import Sucharit

SECRET: Final = "very#secret/1"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SUCHARIT_{name.upper()}", raising=False)


def put(monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"SUCHARIT_{name}", str(value))


def test_secrets_stand_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    put(
        monkeypatch,
        SMTP_USERNAME="ita",
        SMTP_PASSWORD=SECRET,
        SMTP_PASSWORD_FILE=tmp_path / "password",
        DATABASE_URL=f"postgresql://sucharit:{SECRET}@db/ledger",
        PREFECT_DATABASE_URL=f"postgresql+asyncpg://sucharit:{SECRET}@db/prefect",
        HEARTBEAT_URL=f"https://watchdog.example/{SECRET}",
    )
    found = read_settings()
    assert found.password == SECRET
    assert found.ledger_url == f"postgresql+psycopg://sucharit:{SECRET}@db/ledger"
    assert SECRET not in repr(found)
    assert SECRET not in str(found)


@pytest.mark.parametrize("name", ["DATABASE_URL", "PREFECT_DATABASE_URL", "HEARTBEAT_URL", "SMTP_PORT", "SENDER"])
def test_a_setting_that_cannot_be_used_is_not_quoted(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    put(monkeypatch, **{name: f"mysql://root:{SECRET}@db:port/x y"})
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert f"SUCHARIT_{name}: " in str(refused.value)
    assert SECRET not in f"{refused.value!r} {refused.value} {refused.value.in_thai()}"
    assert refused.value.__suppress_context__


def test_every_faulty_setting_is_named_at_once_with_its_variable(nowhere: Sucharit) -> None:
    faulty = nowhere.having(
        DATABASE_URL="oracle://x",
        SMTP_PORT="99999",
        SMTP_TLS="ssl",
        SMTP_PASSWORD_FILE="/nowhere/password",
        SENDER="me",
        PREFECT_PORT="5000",
        MAILBOX_PORT="5000",
        WORKER_LIMIT="many",
        LANGUAGE="de",
        DEMO="perhaps",
    )
    for words in (("up",), ("doctor",), ("assignments",)):
        answer = faulty.run(*words)
        head, *faults = answer.err.splitlines()
        assert (answer.code, answer.out, head) == (1, "", "Settings that cannot be used:")
        assert {line.strip().partition(":")[0].removeprefix("SUCHARIT_") for line in faults} == {
            *("DATABASE_URL", "SMTP_PORT", "SMTP_TLS", "SMTP_PASSWORD_FILE", "SENDER"),
            *("PREFECT_PORT", "WORKER_LIMIT", "LANGUAGE", "DEMO"),
        }
        assert all(line.endswith("Correct it or unset it.") for line in faults)
    assert not nowhere.home.exists()


def test_a_password_file_that_cannot_be_read_stops_the_start(nowhere: Sucharit, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x81")
    for file, why in (
        (tmp_path / "missing", "No such file"),
        (tmp_path, "Is a directory"),
        (tmp_path / "binary", "UTF-8"),
    ):
        answer = nowhere.having(SMTP_PASSWORD_FILE=str(file)).run("up")
        assert (answer.code, answer.out) == (1, "")
        assert f"SUCHARIT_SMTP_PASSWORD_FILE: {file} " in answer.err
        assert why in answer.err
    assert not nowhere.home.exists()


@pytest.mark.parametrize("half", [{"SMTP_USERNAME": "ita"}, {"SMTP_PASSWORD": SECRET}])
def test_half_a_login_is_refused_with_both_ways_out(monkeypatch: pytest.MonkeyPatch, half: dict[str, str]) -> None:
    put(monkeypatch, **half)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    (_, said) = str(refused.value).splitlines()
    assert said.startswith("  SUCHARIT_SMTP_USERNAME: SUCHARIT_SMTP_USERNAME and SUCHARIT_SMTP_PASSWORD ")
    assert "set together, or, for a mail server without login, not at all" in said
    assert SECRET not in said


def test_an_empty_password_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("\n")
    put(monkeypatch, SMTP_USERNAME="ita", SMTP_PASSWORD_FILE=file)
    with pytest.raises(SettingsError, match=rf"SUCHARIT_SMTP_PASSWORD_FILE names {file}, which is empty"):
        read_settings()


def test_empty_settings_of_a_login_are_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SMTP_HOST="mail.example", SMTP_USERNAME="", SMTP_PASSWORD="")
    found = mail_server(read_settings())
    assert (found.host, found.username, found.password) == ("mail.example", None, None)


def test_a_password_file_that_is_gone_later_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(SECRET)
    put(monkeypatch, SMTP_USERNAME="ita", SMTP_PASSWORD_FILE=file)
    found = read_settings()
    file.unlink()
    with pytest.raises(SettingsError, match="SUCHARIT_SMTP_PASSWORD_FILE"):
        _ = found.password


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://sucharit@localhost/ledger",
        "postgresql://u:p#a/s%40?s@[::1]:5432/ledger?sslmode=require",
        "postgresql+psycopg://u:p@db:5432/ledger",
        "postgresql:///ledger?host=/run/postgresql",
        "sqlite:////folder/sucharit.db",
    ],
)
def test_addresses_of_ledgers_that_can_be_used(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    put(monkeypatch, DATABASE_URL=url)
    assert read_settings().ledger_url.endswith(url.partition("://")[2])


@pytest.mark.parametrize("url", ["ledger.db", "mysql://u:p@db/x", "postgres://u:p@db/x", "postgresql://u:p@db:port/x"])
def test_addresses_of_ledgers_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    put(monkeypatch, DATABASE_URL=url)
    with pytest.raises(SettingsError, match="SUCHARIT_DATABASE_URL: It must be like postgresql://"):
        read_settings()


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, **{name.upper(): "" for name in Settings.model_fields})
    assert read_settings() == Settings.model_construct()


@pytest.mark.parametrize("sender", ["ita@banmai.go.th", "เทศบาลตำบลบ้านใหม่ <ita@banmai.go.th>"])
def test_a_sender_may_have_a_name(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    put(monkeypatch, SENDER=sender)
    assert read_settings().sender == sender


@pytest.mark.parametrize("sender", ["banmai", "ita@", "@banmai.go.th", "ita@a.go.th, ita@b.go.th", "ita banmai@x y"])
def test_a_sender_needs_one_address(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    put(monkeypatch, SENDER=sender)
    with pytest.raises(SettingsError, match="SUCHARIT_SENDER: It must be an e-mail address"):
        read_settings()


def test_a_provider_for_signing_in_is_named_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    put(
        monkeypatch,
        OIDC_ISSUER="https://login.example.go.th/realm",
        OIDC_CLIENT_ID="sucharit",
        OIDC_CLIENT_SECRET_FILE=tmp_path / "secret",
    )
    found = read_settings()
    assert found.oidc_secret == SECRET
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("OIDC_CLIENT_ID", {"OIDC_ISSUER": "https://login.example.go.th"}),
        ("OIDC_CLIENT_ID", {"OIDC_CLIENT_ID": "sucharit"}),
        ("OIDC_ISSUER", {"OIDC_ISSUER": "http://login.example.go.th", "OIDC_CLIENT_ID": "sucharit"}),
        ("OIDC_ISSUER", {"OIDC_ISSUER": "login", "OIDC_CLIENT_ID": "sucharit"}),
        ("TRUSTED_PROXIES", {"TRUSTED_PROXIES": "the proxy"}),
    ],
)
def test_what_does_not_fit_the_provider_or_the_proxy_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, told: dict[str, str]
) -> None:
    put(monkeypatch, **told)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert f"SUCHARIT_{name}: " in str(refused.value)


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")
    assert read_settings().trusted_proxies == "127.0.0.1,10.0.0.0/8"
