"""Where to call in an emergency, by country."""

import re
from importlib.resources.abc import Traversable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from content.loader import ContentError, located, packaged_content
from flows.errors import FlowError
from flows.loader import read_document

FILE = "countries.yaml"


def _number(text: str) -> str:
    if not re.fullmatch(r"[0-9]+( [0-9]+)*", text):
        raise ValueError("a number has digits and single spaces")
    return text


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise ValueError("a country is two capital letters")
    return text


Number = Annotated[str, AfterValidator(_number)]
Code = Annotated[str, AfterValidator(_code)]


class HelpLine(BaseModel):
    """A national line; `source` is who runs it and where they say so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Number
    source: Annotated[str, StringConstraints(min_length=4)]


class Country(BaseModel):
    """The numbers of a country: the ambulance, and lines for other help where they are certain.

    `urgent_line` gives urgent medical advice; `despair` listens to people who do not want to live,
    `violence` helps where somebody is hurt at home.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    emergency: Number
    urgent_line: Number | None = None
    despair: HelpLine | None = None
    violence: HelpLine | None = None


class NamedCountry(Country):
    """A country of the list; `name` is for those who keep it."""

    name: Annotated[str, StringConstraints(min_length=1)]


class Countries(BaseModel):
    """All countries with known numbers, by ISO 3166-1 alpha-2 code, and what counts elsewhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default: Country
    countries: dict[Code, NamedCountry]

    def of(self, code: str | None) -> Country:
        """The numbers of a country; 112 where none are known."""
        return self.countries.get(code or "", self.default)


def load_countries(folder: Traversable | None = None) -> Countries:
    """Read the numbers.

    Raises:
        ContentError: the file is broken.
    """
    try:
        document = read_document(folder if folder is not None else packaged_content(), FILE)
        try:
            return Countries.model_validate(document.data)
        except ValidationError as error:
            raise located(error, document) from None
    except FlowError as error:
        raise ContentError(error.reason, file=error.file, line=error.line, id=error.id) from None
