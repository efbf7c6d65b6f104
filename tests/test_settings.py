"""Everything that can be set, and what is said when it is set wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import Listen, Settings, SettingsError, load_settings
from bot.store import open_store
from bot.store.postgres import PostgresStore
from bot.store.sealing import new_key

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
KEY = new_key()
NAMES = {str(field.alias) for field in Settings.model_fields.values()}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def problem(name: str, value: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(**{name: value})
    line = str(refused.value)
    assert line.startswith(f"{name} ")
    assert "\n" not in line
    return line


def test_nothing_needs_to_be_set() -> None:
    settings = load_settings()

    assert settings.telegram_bot_token is None
    assert settings.telegram_api_base_url == "https://api.telegram.org"
    assert settings.webhook_url is None
    assert settings.webhook_secret is None
    assert settings.webhook_listen == Listen("127.0.0.1", 8080)
    assert settings.sqlite_path == Path("data/plumbline.db")
    assert settings.data_key is None
    assert settings.default_language == "en"
    assert settings.default_country is None
    assert settings.retention_days == 90
    assert settings.log_level == "INFO"


def test_everything_can_be_set_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": "http://bot-api:8081/",
        "WEBHOOK_URL": "https://bot.example.org/telegram",
        "WEBHOOK_SECRET": "a-Secret_1",
        "WEBHOOK_LISTEN": "0.0.0.0:8443",
        "DATABASE_URL": "postgresql://user:pass{word}@host:5432/plumbline",
        "DATA_KEY": f"{KEY},{new_key()}",
        "DEFAULT_LANGUAGE": "PT-BR",
        "DEFAULT_COUNTRY": "de",
        "RETENTION_DAYS": " 30 ",
        "LOG_LEVEL": "debug",
    }.items():
        monkeypatch.setenv(name, value)

    settings = load_settings()

    assert settings.telegram_bot_token is not None
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert settings.telegram_api_base_url == "http://bot-api:8081"
    assert settings.webhook_url == "https://bot.example.org/telegram"
    assert settings.webhook_secret is not None
    assert settings.webhook_listen == ("0.0.0.0", 8443)
    assert settings.sqlite_path is None
    assert settings.data_key is not None
    assert settings.default_language == "pt-BR"
    assert settings.default_country == "DE"
    assert settings.retention_days == 30
    assert settings.log_level == "DEBUG"


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_value_is_the_same_as_none(
    name: str, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, empty)

    assert load_settings() == Settings()
    assert load_settings(**{name: empty}) == load_settings()
    monkeypatch.delenv(name)
    assert load_settings() == Settings()


def test_names_count_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("log_level", "ERROR")
    monkeypatch.setenv("PLUMBLINE_LOG_LEVEL", "ERROR")

    assert load_settings().log_level == "INFO"


def test_an_env_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "LOG_LEVEL=ERROR\n# comment\nRETENTION_DAYS=7\nDEFAULT_COUNTRY=\nSOMETHING_ELSE=1\n",
        encoding="utf-8-sig",
    )
    monkeypatch.setenv("RETENTION_DAYS", "8")
    monkeypatch.setenv("LOG_LEVEL", "")

    settings = load_settings()

    assert (settings.log_level, settings.retention_days) == ("ERROR", 8)
    assert settings.default_country is None


def test_an_env_file_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LOG_LEVEL=\xff\n")

    with pytest.raises(SettingsError, match=r"^\.env cannot be read: it is not UTF-8 text"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "12345"),
        ("TELEGRAM_BOT_TOKEN", f"bot{TOKEN}"),
        ("TELEGRAM_BOT_TOKEN", "123456789:has a space in it somewhere"),
        ("TELEGRAM_API_BASE_URL", "api.telegram.org"),
        ("TELEGRAM_API_BASE_URL", "ftp://api.telegram.org"),
        ("TELEGRAM_API_BASE_URL", "https://"),
        ("TELEGRAM_API_BASE_URL", "https://api.telegram.org:99999"),
        ("TELEGRAM_API_BASE_URL", "https://user:pass@api.telegram.org"),
        ("WEBHOOK_URL", "http://bot.example.org/telegram"),
        ("WEBHOOK_URL", "https://bot.example.org/telegram?x=1"),
        ("WEBHOOK_URL", "https://bot example.org/"),
        ("WEBHOOK_URL", "https://https://bot.example.org/telegram"),
        ("WEBHOOK_URL", "http://[::1/"),
        ("WEBHOOK_SECRET", "with space"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("WEBHOOK_LISTEN", "8080"),
        ("WEBHOOK_LISTEN", ":8080"),
        ("WEBHOOK_LISTEN", "host:0"),
        ("WEBHOOK_LISTEN", "host:65536"),
        ("WEBHOOK_LISTEN", "host:http"),
        ("WEBHOOK_LISTEN", "::1:8080"),
        ("DATABASE_URL", "data/plumbline.db"),
        ("DATABASE_URL", "sqlite://plumbline.db"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///data/"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///a.db?mode=ro"),
        ("DATABASE_URL", "mysql://host/database"),
        ("DATABASE_URL", "postgresql://host:port/database"),
        ("DATA_KEY", "secret"),
        ("DATA_KEY", f"{KEY},"),
        ("DEFAULT_LANGUAGE", "English"),
        ("DEFAULT_LANGUAGE", "en_GB"),
        ("DEFAULT_COUNTRY", "GBR"),
        ("DEFAULT_COUNTRY", "UK"),
        ("DEFAULT_COUNTRY", "1A"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "3651"),
        ("RETENTION_DAYS", "ninety"),
        ("RETENTION_DAYS", "1.5"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(name: str, value: str) -> None:
    problem(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "http://127.0.0.1:9000/telegram"),
        ("WEBHOOK_URL", "http://localhost/telegram"),
        ("WEBHOOK_URL", "http://[::1]:9000/telegram"),
        ("WEBHOOK_SECRET", "x" * 256),
        ("WEBHOOK_LISTEN", "[::1]:8080"),
        ("DEFAULT_LANGUAGE", "ar"),
        ("RETENTION_DAYS", "3650"),
        ("LOG_LEVEL", "Warning"),
        ("DATA_KEY", KEY.rstrip("=")),
    ],
)
def test_what_can_be_used_is_taken(name: str, value: str) -> None:
    load_settings(**{name: value})


def test_the_united_kingdom_has_another_code() -> None:
    assert "GB" in problem("DEFAULT_COUNTRY", "uk")


@pytest.mark.parametrize(
    "name", ["TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET", "DATA_KEY", "DATABASE_URL"]
)
def test_a_wrong_secret_is_not_repeated(name: str) -> None:
    assert "hunter2" not in problem(name, "hunter2 $ecret")


def test_a_wrong_secret_is_not_repeated_by_pydantic_either() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(TELEGRAM_BOT_TOKEN=SecretStr("hunter2"), RETENTION_DAYS="hunter2")  # type: ignore[arg-type]
    assert "hunter2" not in str(refused.value)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(RETENTION_DAYS="0", LOG_LEVEL="LOUD", TELEGRAM_BOT_TOKEN="x")

    assert [line.split()[0] for line in refused.value.problems] == [
        "TELEGRAM_BOT_TOKEN",
        "RETENTION_DAYS",
        "LOG_LEVEL",
    ]


def test_secrets_are_not_shown() -> None:
    settings = load_settings(
        TELEGRAM_BOT_TOKEN=TOKEN,
        WEBHOOK_SECRET="hunter2",
        DATA_KEY=KEY,
        DATABASE_URL="postgresql://user:hunter2@host/database",
    )

    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert TOKEN not in text
        assert KEY not in text
        assert "hunter2" not in text


def test_a_database_url_names_a_file() -> None:
    for url, path in {
        "sqlite:///a/b.db": "a/b.db",
        "sqlite:////var/lib/plumb%20line/b.db": "/var/lib/plumb line/b.db",
    }.items():
        assert load_settings(DATABASE_URL=url).sqlite_path == Path(path)


def test_a_shared_database_needs_a_key() -> None:
    with pytest.raises(SettingsError, match=r"^DATA_KEY is needed") as refused:
        load_settings(DATABASE_URL="postgresql://user:hunter2@host/database")
    assert "hunter2" not in str(refused.value)


def test_a_postgresql_url_gives_the_store_of_several_workers() -> None:
    settings = load_settings(DATABASE_URL="postgresql://host/database", DATA_KEY=KEY)

    assert isinstance(open_store(settings), PostgresStore)


async def test_the_store_of_the_settings_is_where_they_say(tmp_path: Path) -> None:
    store = open_store(load_settings(DATABASE_URL="sqlite:///data/x.db"))
    assert not (tmp_path / "data").exists()

    await store.open()
    await store.close()

    assert (tmp_path / "data" / "x.db").is_file()
    assert (tmp_path / "data" / "x.db.key").is_file()
