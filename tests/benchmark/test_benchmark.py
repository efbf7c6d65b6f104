"""The benchmark still runs; how fast anything is, is not the tests' business."""

import json
from typing import Any

import pytest

from tests.benchmark.__main__ import bench, options
from tests.benchmark.script import SHEETS, START, Tap, interviews, next_deed
from tests.benchmark.subjects import stock_script

TINY = ["--patients", "3", "--updates", "30", "--rounds", "1", "--rate", "200"]


async def tiny(*arguments: str) -> Any:
    everything = await bench(options().parse_args([*TINY, *arguments]))
    return json.loads(json.dumps(everything))


async def test_compares_plumbline_with_a_stock_bot(capsys: pytest.CaptureFixture[str]) -> None:
    everything = await tiny("--stores", "", "--no-full-speed")
    for runs in everything["subjects"].values():
        (window,) = runs[0]["windows"]
        assert window["errors"] == 0
        assert window["calls"] + window["answers"] >= 1
        assert window["wait_p50"] > 0
        assert runs[0]["memory"] > 1
    # Pictures are drawn in a process of its own, which is counted apart.
    assert everything["subjects"]["plumbline"][0]["beside"] > 10
    assert everything["subjects"]["stock"][0]["beside"] == 0
    assert "| plumbline | stock | times |" in capsys.readouterr().out


async def test_measures_what_the_libraries_alone_take() -> None:
    everything = await tiny("--stores", "", "--subjects", "bare")
    for window in everything["subjects"]["bare"][0]["windows"]:
        assert window["errors"] == 0
        assert window["calls"] >= 1


async def test_measures_by_polling_with_conversations_stored(
    capsys: pytest.CaptureFixture[str],
) -> None:
    everything = await tiny("--mode", "polling", "--subjects", "", "--stores", "20")
    for runs in everything["stores"].values():
        assert [window["errors"] for window in runs[0]["windows"]] == [0, 0]
    assert "| conversations stored | 20 |" in capsys.readouterr().out


def test_the_interviews_of_the_crowd_come_to_their_result() -> None:
    for sheet, steps in zip(SHEETS, interviews(), strict=True):
        assert {*steps[-1].record["answers"]} <= {*sheet}
        assert steps[-1].record["confirmed"]


def test_the_stock_bot_shows_the_same_screens() -> None:
    script = stock_script()
    for steps, path in zip(interviews(), script["paths"].values(), strict=True):
        asked = [question["id"] for question in path["questions"]]
        assert asked == [*steps[-1].record["answers"]]
        assert len(path["result"]) == len(steps[-1].shown)
    agree = script["welcome"]["rows"][0][0][1]
    assert next_deed([agree], SHEETS[0]) == Tap("0:agree")
    assert START.text == "/start"


def test_what_cannot_be_measured_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for wrong in (["--subjects", "another"], ["--rounds", "0"], ["--patients", "1000000"]):
        with pytest.raises(SystemExit):
            options().parse_args(wrong)
    assert "must be from 1 to 20" in capsys.readouterr().err
