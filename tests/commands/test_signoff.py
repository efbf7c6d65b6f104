"""`signoff`: an operator enters what a clinician signed; from then on every place tells of it."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from bot.book.subject import load_subject
from tests.commands.running import Place, Ran

SUBJECT = load_subject("en")
HASH, WORDS = SUBJECT.hash, SUBJECT.words.sign_off
TODAY = datetime.now(UTC).date().isoformat()
MISSING = WORDS.line_missing.format(hash=f"{HASH[:4]} {HASH[4:8]} {HASH[8:12]}")
GIVEN = WORDS.line_given.format(
    name="Dr Ana Ruiz",
    role="Medical director",
    date=TODAY,
    hash=f"{HASH[:4]} {HASH[4:8]} {HASH[8:12]}",
)


def sign(place: Place, *more: str, hash: str = HASH[:12]) -> Ran:  # noqa: A002
    who = ("--name", "Dr Ana Ruiz", "--role", "Medical director")
    return place.run("signoff", "add", *who, "--hash", hash, *more)


def test_without_a_sign_off_every_place_says_so(place: Place) -> None:
    listed = place.run("signoff", "list")
    checked = place.run("check")
    book = place.run("protocol")

    assert (listed.status, listed.out.splitlines()) == (1, [MISSING])
    assert checked.status == 0
    assert checked.out.splitlines()[-1] == f"sign-off: {MISSING}"
    assert WORDS.missing in book.out


def test_a_sign_off_is_entered_and_told_everywhere(place: Place) -> None:
    assert sign(place).status == 0

    listed = place.run("signoff", "list")
    assert (listed.status, listed.out.splitlines()[-1]) == (0, GIVEN)
    assert place.run("check").out.splitlines()[-1] == f"sign-off: {GIVEN}"
    given = WORDS.given.format(name="Dr Ana Ruiz", role="Medical director", date=TODAY)
    assert given in place.run("protocol").out
    shown = place.run("signoff", "show", "1").out
    assert f"protocol  {HASH} (runs here)" in shown
    assert f"words en  {SUBJECT.words_hash} (spoken here)" in shown


def test_the_page_that_was_signed_may_show_the_digits_in_groups(place: Place) -> None:
    assert sign(place, hash=f"{HASH[:4]} {HASH[4:8]} {HASH[8:12].upper()}").status == 0


def test_a_sign_off_can_be_taken_back_and_stays_in_the_record(place: Place) -> None:
    sign(place)

    assert place.run("signoff", "revoke", "1", "--reason", "rule U23 is too slow").status == 0

    listed = place.run("signoff", "list")
    assert (listed.status, listed.out.splitlines()[-1]) == (1, MISSING)
    assert f"revoked on {TODAY}" in listed.out
    assert f"revoked   {TODAY}: rule U23 is too slow" in place.run("signoff", "show", "1").out
    again = place.run("signoff", "revoke", "1", "--reason", "once more")
    assert again.line == f"plumbline: Sign-off 1 was revoked on {TODAY}."


def test_only_the_words_that_were_signed_count(place: Place) -> None:
    sign(place, "--language", "en")

    listed = place.run("signoff", "list").out
    assert WORDS.other_words.format(languages="es") in listed

    sign(place, "--language", "es", "--language", "en")
    assert place.run("signoff", "list").out.splitlines()[-1] == GIVEN


def test_a_sign_off_for_one_clinic_is_not_one_for_all(place: Place) -> None:
    ran = sign(place, "--clinic", "nowhere")

    assert (ran.status, ran.line) == (2, "plumbline: There is no clinic nowhere.")
    assert place.run("signoff", "list").out.splitlines() == [MISSING]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (("--date", "yesterday"), "--date yesterday is not a date"),
        (("--date", "2020-01-01"), "--date 2020-01-01 is before the date of these rules"),
        (
            ("--date", (datetime.now(UTC) + timedelta(days=9)).date().isoformat()),
            "--date",
        ),
        (("--language", "xx"), "--language xx is not spoken here"),
        (("--name", "x"), "--name: String should have at least 2"),
        (("--name", "<b>Ana"), "--name: String should match"),
        (("--role", "a\nb"), "--role: String should match"),
        (("--hash", HASH[:11]), f"--hash {HASH[:11]} is not the protocol that runs here"),
        (("--hash", "0" * 64), "--hash 000"),
        (("--hash", ""), "--hash  is not"),
    ],
)
def test_bad_input_is_one_line_and_enters_nothing(
    place: Place, more: tuple[str, ...], line: str
) -> None:
    ran = sign(place, *more)

    assert ran.status == 2
    assert ran.line.startswith(f"plumbline: {line}")
    assert place.run("signoff", "list").out.splitlines() == [MISSING]


@pytest.mark.parametrize("action", ["show", "revoke"])
def test_a_number_that_is_not_there(place: Place, action: str) -> None:
    more = ("--reason", "no") if action == "revoke" else ()

    assert place.run("signoff", action, "7", *more).line == "plumbline: There is no sign-off 7."


def test_a_record_that_was_altered_counts_for_nothing_and_is_never_hidden(place: Place) -> None:
    sign(place)
    (path,) = place.folder.glob("data/*.db")
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE sign_off SET text = replace(text, 'Ana', 'Eva')")
    connection.close()

    listed = place.run("signoff", "list")

    assert listed.status == 2
    assert "was altered" in listed.line
    assert "ALTERED" in place.run("check").out
    assert WORDS.altered in place.run("protocol").out
    assert sign(place).status == 2


def first_line_about_it(place: Place) -> dict[str, object]:
    """What a start of the bot logs of the sign-off; Telegram is not there."""
    token = f"123456789:{'A' * 35}"
    with place.start("run", TELEGRAM_BOT_TOKEN=token) as process:
        assert process.stderr is not None
        for line in process.stderr:
            told: dict[str, object] = json.loads(line)
            if "sign_off" in told:
                process.terminate()
                process.communicate()
                return told
    raise AssertionError("the bot ended and said nothing of a sign-off")


def test_each_start_of_the_bot_says_whether_its_protocol_is_signed_off(place: Place) -> None:
    before = first_line_about_it(place)
    sign(place)
    after = first_line_about_it(place)

    assert (before["level"], before["sign_off"], before["protocol"]) == ("warning", "missing", HASH)
    assert (after["level"], after["sign_off"]) == ("info", "signed")
    assert "Ana" not in str(after)
