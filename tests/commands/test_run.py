"""`run` without a token: says so, and is the terminal chat on the same database."""

from __future__ import annotations

from tests.commands.running import FLOW, PATIENTS, Place, numbers


def test_without_a_token_it_says_so_and_opens_the_chat(place: Place) -> None:
    ran = place.run("run", TELEGRAM_BOT_TOKEN="", WEBHOOK_URL="")

    assert ran.status == 0
    assert ran.error.startswith("TELEGRAM_BOT_TOKEN is not set")
    assert len(ran.error.splitlines()) == 1
    assert "This is Plumbline" in ran.out


def test_chat_goes_on_where_run_stopped(place: Place) -> None:
    lines = numbers(PATIENTS["calm_foot"].sheet)

    place.run("run", typed="1\n" + "\n".join(lines[:3]) + "\n")
    said = place.chat()

    assert "Welcome back" in said
    fourth = FLOW.question_by_id["weakness"].codes
    assert f"  {len(fourth)}  Not sure" in said
