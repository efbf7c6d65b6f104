"""`assess`: one sheet a line in, one assessment a line out, whatever the lines are."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Mapping
from typing import Any

from tests.commands.running import FLOW, MODULE, PATIENTS, Place

CALM = PATIENTS["calm_foot"].sheet
KEYS = ["asked", "urgency", "rules", "link", "pathways"]


def line(answers: Mapping[str, object]) -> bytes:
    return json.dumps({"answers": answers}).encode()


def changed(**answers: object) -> bytes:
    return line({**CALM, **answers})


def without(id: str) -> bytes:
    return line({key: answer for key, answer in CALM.items() if key != id})


def assessed(place: Place, *lines: bytes, end: bytes = b"\n") -> list[dict[str, Any]]:
    ran = place.run("assess", typed=end.join(lines) + end)
    assert (ran.status, ran.error) == (0, "")
    assert place.files() == {}
    return [json.loads(each) for each in ran.out.splitlines()]


def test_the_test_patients_come_out_as_they_must(place: Place) -> None:
    found = assessed(place, *(line(patient.sheet) for patient in PATIENTS.values()))

    for patient, result in zip(PATIENTS.values(), found, strict=True):
        expected = patient.expect.model_dump(mode="json", exclude_none=True)
        assert list(result) == KEYS, patient.id
        assert {key: result[key] for key in expected} == expected, patient.id
        assert result["rules"] == sorted(result["rules"])
        assert all(
            list(found) == ["pathway", "certainty", "points", "items"]
            for found in result["pathways"]
        )


def test_every_kind_of_end(place: Place) -> None:
    complete, emergency, young, incomplete, nothing = assessed(
        place,
        line(CALM),
        changed(sudden_danger=["chest"]),
        changed(age="under_18"),
        without("injury"),
        line({}),
    )
    order = [question.id for question in FLOW.questions]

    assert complete["asked"] == [id for id in order if id in CALM]
    assert complete["urgency"] == "self_care"
    assert emergency == {
        "asked": ["age", "complaints", "sudden_danger"],
        "urgency": "emergency",
        "rules": ["U01"],
        "link": "not_assessed",
        "pathways": [],
    }
    assert young == {
        "asked": ["age"],
        "urgency": "out_of_scope",
        "rules": [],
        "link": "not_assessed",
        "pathways": [],
    }
    assert incomplete == {
        "asked": [*complete["asked"][: complete["asked"].index("injury")], "injury"],
        "outcome": "incomplete",
    }
    assert nothing == {"asked": ["age"], "outcome": "incomplete"}


def test_what_makes_no_difference(place: Place) -> None:
    gait = {**CALM, "gait": ["limp", "rolls_in"]}
    odd = {**CALM, "goal": "\U0001f3c3 \u202e\ud800 <b>"}

    plain, not_asked, odd_letters, ticks, other_order = assessed(
        place,
        line(CALM),
        changed(saddle="new", back_severity="lots", shoe_size=43, goal=None),
        line(odd),
        line(gait),
        changed(gait=["rolls_in", "limp"]),
    )

    assert not_asked == odd_letters == plain
    assert other_order == ticks


BAD_ANSWERS: dict[str, tuple[bytes, str]] = {
    "an unknown code": (changed(age="ancient"), "age: 'ancient' is not one of under_18, "),
    "a number for a code": (changed(age=18), "age: 18 is not one of "),
    "a list for a code": (changed(age=["18_34"]), "age: ['18_34'] is not one of "),
    "an object": (changed(age={"years": 40}), "age: {'years': 40} is not one of "),
    "a code for a list": (changed(complaints="foot"), "complaints: takes a list"),
    "nothing ticked": (changed(complaints=[]), "complaints: nothing is ticked"),
    "an unknown tick": (changed(complaints=["foot", "ear"]), "complaints: 'ear' is not one of "),
    "a list in a list": (changed(complaints=[["foot"]]), "complaints: ['foot'] is not one of "),
    "none with others": (changed(complaints=["none", "foot"]), "complaints: none excludes"),
    "a tick twice": (changed(complaints=["foot", "foot"]), "complaints: a code is ticked twice"),
    "too much": (changed(foot_severity=11), "foot_severity: "),
    "too little": (changed(foot_severity=-1), "foot_severity: "),
    "a broken number": (changed(foot_severity=5.5), "foot_severity: "),
    "a whole float": (changed(foot_severity=5.0), "foot_severity: "),
    "a number as text": (changed(foot_severity="5"), "foot_severity: "),
    "truth": (changed(foot_severity=True), "foot_severity: "),
    "not a number": (changed(foot_severity=float("nan")), "foot_severity: "),
    "endless": (changed(foot_severity=float("inf")), "foot_severity: "),
    "a huge number": (changed(foot_severity=10**300), "foot_severity: "),
    "a goal that is no text": (changed(goal=7), "goal: "),
    "a goal without end": (changed(goal="x" * 5000), "goal: "),
}

BAD_LINES: dict[str, bytes] = {
    "a word": b"hello",
    "half an object": b'{"answers": {',
    "two objects": b'{"answers": {}} {"answers": {}}',
    "a list": b"[]",
    "a number": b"17",
    "null": b"null",
    "no answers": b"{}",
    "answers that are null": b'{"answers": null}',
    "answers that are a list": b'{"answers": [["age", "18_34"]]}',
    "bytes that are no UTF-8": b'{"answers": {"age": "\xff\xfe"}}',
    "null bytes": b"\0\0\0",
    "a null byte in JSON": b'{"answers": \0{}}',
    "deep lists": b"[" * 200_000,
    "deep answers": b'{"answers": ' * 100_000,
    "a number without end": b'{"answers": {"age": ' + b"9" * 50_000 + b"}}",
    "two megabytes": b'{"answers": {"goal": "' + b"x" * 2_000_000 + b'"}}',
}


def test_a_bad_line_gives_an_error_and_the_run_goes_on(place: Place) -> None:
    good = line(CALM)
    bad = [*(given for given, _ in BAD_ANSWERS.values()), *BAD_LINES.values()]

    found = assessed(place, *(each for one in bad for each in (one, good)))

    assert len(found) == 2 * len(bad)
    assert all(result["urgency"] == "self_care" for result in found[1::2])
    said = dict(zip((*BAD_ANSWERS, *BAD_LINES), found[::2], strict=True))
    for what, result in said.items():
        assert list(result) == ["error"], what
        assert len(result["error"]) < 400, what
        assert "\n" not in result["error"], what
    for what, (_, begins) in BAD_ANSWERS.items():
        assert said[what]["error"].startswith(begins), what
    assert said["two megabytes"] == {"error": "a line of more than 1000000 bytes"}


def test_how_lines_end_and_blank_ones_do_not_matter(place: Place) -> None:
    lines = (line(CALM), b"", b"   ", line({}))
    typed = b"\n" + b"\r\n".join(lines) + b"\n\n" + b"\n".join(lines)

    ran = place.run("assess", typed=typed, DATA_KEY="not needed", TELEGRAM_BOT_TOKEN="here")

    complete, nothing, *again = map(json.loads, ran.out.splitlines())
    assert (complete["urgency"], nothing["outcome"]) == ("self_care", "incomplete")
    assert again == [complete, nothing]


def test_each_line_is_answered_before_the_next_is_written(place: Place) -> None:
    with place.start("assess") as process:
        assert process.stdin
        assert process.stdout
        for given in (line(CALM), b"hello", line({})):
            process.stdin.write(given + b"\n")
            process.stdin.flush()
            answered, _, _ = select.select([process.stdout], [], [], 20)
            if not answered:
                process.kill()
            assert answered
            assert json.loads(process.stdout.readline())
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_reader_who_has_enough_is_no_failure(place: Place) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [*MODULE, "assess"],
        cwd=place.folder,
        env=place.environment({}),
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(writing)
        os.close(reading)
        _, error = process.communicate((line(CALM) + b"\n") * 50, timeout=30)
    assert (process.returncode, error) == (0, b"")


def test_a_word_after_the_command_is_bad_use(place: Place) -> None:
    ran = place.run("assess", "sheets.jsonl")

    assert ran.status == 2
    assert "sheets.jsonl" in ran.line
