"""`health`: 0 if the database can be used now, 1 if not, 2 where the settings are wrong."""

from __future__ import annotations

from bot.store.sealing import new_key
from tests.commands.running import Place


def test_a_database_is_healthy_while_it_can_be_used(place: Place) -> None:
    place.chat("1")

    sound = place.run("health")
    wrong = place.run("health", DATA_KEY=new_key())

    assert (sound.status, sound.out, sound.error) == (0, "healthy\n", "")
    assert (wrong.status, wrong.error) == (1, "")
    assert len(wrong.out.splitlines()) == 1


def test_a_bad_setting_is_bad_input(place: Place) -> None:
    ran = place.run("health", RETENTION_DAYS="0")

    assert ran.status == 2
    assert "RETENTION_DAYS" in ran.line
