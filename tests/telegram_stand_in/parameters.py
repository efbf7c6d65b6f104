"""What a caller sent with a method, in whichever of the four ways the Bot API allows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp.web import BaseRequest, FileField

from .errors import breach

_STRUCTURED = frozenset(
    {
        "allowed_updates",
        "caption_entities",
        "commands",
        "entities",
        "link_preview_options",
        "reply_markup",
        "reply_parameters",
        "scope",
    }
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    media_type: str
    content: bytes


class Parameters:
    """The parameters of one call, with structured ones already read from their JSON."""

    __slots__ = ("files", "values")

    def __init__(self, values: dict[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        for name in _STRUCTURED & values.keys():
            if isinstance(value := values[name], str):
                try:
                    values[name] = json.loads(value) if value else None
                except ValueError:
                    continue  # the method says what is wrong with it
        self.values = values
        self.files = files or {}

    def text(self, name: str) -> str:
        """A string, or the empty string where there is none; numbers count as their digits."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def integer(
        self, name: str, default: int = 0, lowest: int | None = None, highest: int | None = None
    ) -> int:
        """A whole number, brought within its limits as Telegram does.

        Telegram reads what is no number as 0; that hides mistakes, so here it is a breach.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            if isinstance(value, bool | float | list | dict):
                raise ValueError(value)
            number = int(value)
        except ValueError:
            raise breach(f'parameter "{name}" must be an Integer') from None
        if lowest is not None:
            number = max(number, lowest)
        return number if highest is None else min(number, highest)

    def flag(self, name: str) -> bool:
        """A Boolean; only `true`, `True`, `yes` and `1` are true."""
        return self.text(name).lower() in ("true", "yes", "1")

    def structure(self, name: str, kind: str) -> Any:
        """A JSON value, `None` where there is none; `kind` names it in the error."""
        value = self.values.get(name)
        if isinstance(value, str):
            raise breach(f"can't parse {kind} JSON object")
        return value

    def upload(self, name: str) -> Upload | None:
        """The file sent under this name or attached by reference (`attach://…`)."""
        reference = self.text(name)
        if reference.startswith("attach://"):
            return self.files.get(reference.removeprefix("attach://"))
        return self.files.get(name)


async def read_parameters(request: BaseRequest, query: str) -> Parameters:
    """Read a request: the query string first, then its body, which wins."""
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    if not request.body_exists:
        return Parameters(values)
    if request.content_type == "multipart/form-data":
        files: dict[str, Upload] = {}
        for name, field in (await request.post()).items():
            if isinstance(field, FileField):
                with field.file:
                    content = field.file.read()
                files[name] = Upload(field.filename, field.content_type, content)
            else:
                values[name] = field if isinstance(field, str) else bytes(field).decode()
        return Parameters(values, files)
    body = await request.read()
    if request.content_type == "application/json":
        if body:
            values.update(_json_object(body))
    else:
        values.update(parse_qsl(body.decode(), keep_blank_values=True))
    return Parameters(values)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise breach("can't parse JSON request body")
    return value
