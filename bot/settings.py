"""What can be set from outside, all of it by environment variables.

A ``.env`` file in the working directory is read too; the environment wins over it. An empty value
is the same as none. ``.env.example`` explains every variable.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.store.sealing import KeyFormatError, parse_keys

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SQLITE = "sqlite:///"
_MAKE_KEY = (
    'python -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
)


class SettingsError(Exception):
    """Something in the environment cannot be used.

    ``str`` is one readable line; ``problems`` has one sentence for each variable. A value that is
    a secret is never in them.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class Listen(NamedTuple):
    """Where a server listens."""

    host: str
    port: int


def _refuse(line: str) -> PydanticCustomError:
    # The braces of a value must not be taken for places to fill in.
    return PydanticCustomError("setting", "{line}", {"line": line})


def _url(value: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", value):
        raise _refuse(f"is not a web address; write it like {example}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _refuse(f"must be a plain web address without user, ? or #, like {example}")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise _refuse(
            "is not a bot token; copy it whole from @BotFather, it looks like 123456789:AAE…"
        )
    return value


def _api_base_url(value: str) -> str:
    _url(value, ("http", "https"), "https://api.telegram.org")
    return value.rstrip("/")


def _webhook_url(value: str) -> str:
    parts = _url(value, ("http", "https"), "https://bot.example.org/telegram")
    if parts.path.startswith("//"):
        raise _refuse("has https:// twice; a host name stands without it")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise _refuse("must begin with https://, because Telegram calls nothing else")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    if not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
        raise _refuse("may have 1 to 256 of the characters A-Z a-z 0-9 _ - and no others")
    return value


def _listen(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    host, colon, port = value.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        colon = ""
    if not (colon and host and port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise _refuse("must be host:port, for example 127.0.0.1:8080 or [::1]:8080")
    return Listen(host, int(port))


def _database_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if url.startswith(_SQLITE):
        path = url.removeprefix(_SQLITE)
        if not path or path.endswith("/") or path == ":memory:" or "?" in path or "#" in path:
            raise _refuse("must name a file, for example sqlite:///data/plumbline.db")
        if "\0" in unquote(path):
            raise _refuse("must name a file, for example sqlite:///data/plumbline.db")
        return value
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("postgresql", "postgres") and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise _refuse(
            "must be sqlite:///path/to/file.db or postgresql://user:password@host/database"
        )
    return value


def _data_key(value: SecretStr) -> SecretStr:
    try:
        parse_keys(value.get_secret_value())
    except KeyFormatError:
        raise _refuse(
            "must be 32 bytes in urlsafe base64 (44 characters), or several of these with commas "
            f"between; make one with: {_MAKE_KEY}"
        ) from None
    return value


def _language(value: str) -> str:
    match = _LANGUAGE.fullmatch(value)
    if not match:
        raise _refuse("must be a language code such as en or pt-BR")
    return match[1].lower() + match[2]


def _country(value: str) -> str:
    code = value.upper()
    if code == "UK":
        raise _refuse("must be GB for the United Kingdom")
    if not _COUNTRY.fullmatch(code):
        raise _refuse("must be the two-letter code of a country, such as GB, IE or DE")
    return code


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """The settings of one process. Read them with :func:`load_settings`.

    ``repr`` shows no secret. ``database_url`` counts as one, since it may hold a password.
    """

    model_config = SettingsConfigDict(
        case_sensitive=True,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        str_strip_whitespace=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        None, alias="TELEGRAM_BOT_TOKEN"
    )
    telegram_api_base_url: Annotated[str, AfterValidator(_api_base_url)] = Field(
        "https://api.telegram.org", alias="TELEGRAM_API_BASE_URL"
    )
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] | None = Field(
        None, alias="WEBHOOK_URL"
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        None, alias="WEBHOOK_SECRET"
    )
    webhook_listen: Annotated[Listen, NoDecode, BeforeValidator(_listen)] = Field(
        Listen("127.0.0.1", 8080), alias="WEBHOOK_LISTEN"
    )
    metrics_listen: Annotated[Listen | None, NoDecode, BeforeValidator(_listen)] = Field(
        None, alias="METRICS_LISTEN"
    )
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        SecretStr("sqlite:///data/plumbline.db"), alias="DATABASE_URL"
    )
    data_key: Annotated[SecretStr, AfterValidator(_data_key)] | None = Field(None, alias="DATA_KEY")
    default_language: Annotated[str, AfterValidator(_language)] = Field(
        "en", alias="DEFAULT_LANGUAGE"
    )
    default_country: Annotated[str, AfterValidator(_country)] | None = Field(
        None, alias="DEFAULT_COUNTRY"
    )
    """ISO 3166 alpha-2; None: no country is assumed, and 112 is the emergency number."""
    retention_days: int = Field(90, ge=1, le=3650, alias="RETENTION_DAYS")
    allow_private_webhooks: bool = Field(False, alias="ALLOW_PRIVATE_WEBHOOKS")
    """Whether a clinic's webhook or FHIR server may have a private or loopback address."""
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)
    ] = Field("INFO", alias="LOG_LEVEL")

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_none(cls, value: Any, info: Any) -> Any:
        if isinstance(value, str):
            value = value.strip()
            if not value:
                return cls.model_fields[info.field_name].get_default()
        return value

    @model_validator(mode="after")
    def _key_for_a_shared_database(self) -> Self:
        if self.sqlite_path is None and self.data_key is None:
            raise _refuse(
                "DATA_KEY is needed with this DATABASE_URL, the same for every worker; "
                f"make one with: {_MAKE_KEY}"
            )
        return self

    @property
    def sqlite_path(self) -> Path | None:
        """The file of the embedded database; None if ``database_url`` is of another kind."""
        url = self.database_url.get_secret_value()
        return Path(unquote(url.removeprefix(_SQLITE))) if url.startswith(_SQLITE) else None


def load_settings(**given: str) -> Settings:
    """The settings from the environment and ``.env``. Raises SettingsError.

    What is ``given``, by the name of its variable, wins over both.
    """
    values: dict[str, Any] = dict(given)
    try:
        return Settings(**values)
    except ValidationError as error:
        problems = tuple(_sentence(problem) for problem in error.errors())
        raise SettingsError(problems) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SettingsError((f".env cannot be read: {reason}; correct or remove it.",)) from None


_WORDS = {
    "RETENTION_DAYS": "must be a whole number of days from 1 to 3650",
    "ALLOW_PRIVATE_WEBHOOKS": "must be yes or no",
    "LOG_LEVEL": "must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL",
}


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0]).upper() if problem["loc"] else ""
    own = problem["type"] == "setting"
    message = problem["msg"] if own else _WORDS.get(name, "cannot be used")
    return f"{name} {message}.".lstrip()
