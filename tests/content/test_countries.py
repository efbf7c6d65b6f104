"""Numbers to call: known for many countries, 112 elsewhere, and broken ones refused."""

import re
from pathlib import Path

import pytest

from content.countries import FILE, load_countries
from content.loader import ContentError

COUNTRIES = load_countries()

# ISO 3166-1 alpha-2, all codes in use.
ISO = frozenset(
    re.findall(
        r"[A-Z]{2}",
        """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """,
    )
)


@pytest.mark.parametrize(
    ("code", "emergency", "urgent_line"),
    [
        ("GB", "999", "111"),
        ("US", "911", None),
        ("CA", "911", None),
        ("ES", "112", None),
        ("MX", "911", None),
        ("AR", "107", None),
        ("CL", "131", None),
        ("CO", "123", None),
        ("PE", "106", None),
        ("DE", "112", "116117"),
        ("FR", "15", None),
        ("IE", "112", None),
        ("AU", "000", None),
        ("NZ", "111", "0800 611 116"),
        ("IN", "112", None),
        ("ZA", "112", None),
        ("NO", "113", "116117"),  # YAML's own "no"
    ],
)
def test_numbers_of_a_country(code: str, emergency: str, urgent_line: str | None) -> None:
    country = COUNTRIES.of(code)
    assert (country.emergency, country.urgent_line) == (emergency, urgent_line)


@pytest.mark.parametrize("code", [None, "", "XX", "gb", "UK"])
def test_elsewhere_it_is_112(code: str | None) -> None:
    assert COUNTRIES.of(code) is COUNTRIES.default
    assert COUNTRIES.default.emergency == "112"
    assert COUNTRIES.default.urgent_line is None


def test_every_code_is_a_country_and_every_country_has_its_name_once() -> None:
    assert len(ISO) == 249
    assert set(COUNTRIES.countries) <= ISO
    names = [country.name for country in COUNTRIES.countries.values()]
    assert all(names)
    assert len(set(names)) == len(names)


def test_numbers_can_be_dialled_and_the_two_of_a_country_differ() -> None:
    for code, country in COUNTRIES.countries.items():
        assert re.fullmatch(r"[0-9]{2,4}", country.emergency), code
        if country.urgent_line is not None:
            assert re.fullmatch(r"[0-9]+( [0-9]+)*", country.urgent_line), code
            assert country.urgent_line != country.emergency, code


GOOD = 'default: {emergency: "112"}\n\ncountries:\n  AT: {name: "Austria", emergency: "144"}\n'


@pytest.mark.parametrize(
    ("find", "replace", "says"),
    [
        ("AT:", "at:", "4: countries.at: a country is two capital letters"),
        ("AT:", "AUT:", "4: countries.AUT: a country is two capital letters"),
        ('"144"', '"+43 144"', "4: countries.AT.emergency: a number has digits and single spaces"),
        ('"144"', '"911 "', "4: countries.AT.emergency: a number has digits and single spaces"),
        ('"144"', '"one"', "4: countries.AT.emergency: a number has digits and single spaces"),
        ('"144"', '""', "4: countries.AT.emergency: a number has digits and single spaces"),
        ('"144"', '"<b>"', "4: countries.AT.emergency: a number has digits and single spaces"),
        (
            '"144"',
            '"144", urgent_line: "14-50"',
            "4: countries.AT.urgent_line: a number has digits and single spaces",
        ),
        (', emergency: "144"', "", "4: countries.AT.emergency: is missing"),
        ('name: "Austria", ', "", "4: countries.AT.name: is missing"),
        ('"144"', '"144", police: "133"', "4: countries.AT.police: is not used"),
        ('default: {emergency: "112"}\n', "", "2: default: is missing"),
        (
            '"112"',
            '"a doctor"',
            "1: default.emergency: a number has digits and single spaces",
        ),
        ("countries:", "states: {}\ncountries:", "3: states: is not used"),
        ("AT:", 'AT: {name: "A", emergency: "1"}\n  AT:', "5: AT: the key stands twice"),
        ("AT: {", "AT: ", "4: not valid YAML: mapping values are not allowed in this context"),
    ],
)
def test_broken_countries_are_refused_in_one_line(
    find: str, replace: str, says: str, tmp_path: Path
) -> None:
    assert GOOD.count(find) == 1
    (tmp_path / FILE).write_text(GOOD.replace(find, replace), encoding="utf-8")
    with pytest.raises(ContentError) as refusal:
        load_countries(tmp_path)
    assert str(refusal.value) == f"{FILE}:{says}"


def test_the_sample_that_is_broken_above_is_a_good_one(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(GOOD, encoding="utf-8")
    assert load_countries(tmp_path).of("AT").emergency == "144"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as refusal:
        load_countries(tmp_path)
    assert str(refusal.value) == f"{FILE}: cannot be read: No such file or directory"
