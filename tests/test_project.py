"""What the project promises about itself: locks, image, environment, licence and arrows."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("bot", "content", "flows")
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
VARIABLES = {
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_BASE_URL",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "WEBHOOK_LISTEN",
    "METRICS_LISTEN",
    "DATABASE_URL",
    "DATA_KEY",
    "DEFAULT_LANGUAGE",
    "DEFAULT_COUNTRY",
    "RETENTION_DAYS",
    "ALLOW_PRIVATE_WEBHOOKS",
    "LOG_LEVEL",
}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def files() -> Iterator[Path]:
    """Every file of the tree that git would not ignore, relative to the root."""
    patterns = [".git", *text(".gitignore").split()]
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)

        def kept(name: str, here: Path = here) -> bool:
            return not any(
                fnmatch((here / name).as_posix(), p[1:]) if p[0] == "/" else fnmatch(name, p)
                for p in patterns
            )

        folders[:] = filter(kept, folders)
        yield from (here / name for name in filter(kept, names))


def project() -> dict[str, object]:
    return tomllib.loads(text("pyproject.toml"))


def requirements(*path: str) -> list[Requirement]:
    table: object = project()
    for key in path:
        assert isinstance(table, dict)
        table = table[key]
    assert isinstance(table, list)
    return [Requirement(line) for line in table if isinstance(line, str)]


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text(lock), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


# Locks


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_and_hashes_everything_and_names_no_host(lock: str) -> None:
    entries = text(lock).replace("\\\n", " ").splitlines()
    shape = re.compile(r"[a-z0-9-]+==[\w.]+( ; [^/]+?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert entries
    assert [line for line in entries if not shape.fullmatch(line)] == []


@pytest.mark.parametrize(
    ("lock", "path"),
    [
        ("requirements.lock", ("project", "dependencies")),
        ("requirements-dev.lock", ("project", "dependencies")),
        ("requirements-dev.lock", ("dependency-groups", "dev")),
        ("requirements-dev.lock", ("build-system", "requires")),
        ("requirements-build.lock", ("dependency-groups", "build")),
        ("requirements-build.lock", ("build-system", "requires")),
    ],
)
def test_lock_meets_what_the_project_asks_for(lock: str, path: tuple[str, ...]) -> None:
    pinned = pins(lock)
    for wanted in requirements(*path):
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), wanted


def test_locks_agree_with_one_another() -> None:
    everything = pins("requirements-dev.lock").items()
    assert pins("requirements.lock").items() <= everything
    assert pins("requirements-build.lock").items() <= everything


# Commands


def test_plumbline_is_a_command() -> None:
    (script,) = entry_points(group="console_scripts", name="plumbline")
    assert callable(script.load())


def test_make_lists_what_it_can_do() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    targets = {line.split()[1] for line in shown.splitlines()}
    assert targets >= {"help", "run", "test", "lint", "format", "check", "mutate", "lock", "clean"}


def test_make_empties_nothing_behind_a_link(tmp_path: Path) -> None:
    """An environment that several work trees share by a link is not theirs to clear."""
    tree, shared = tmp_path / "tree", tmp_path / "shared"
    tree.mkdir()
    shared.mkdir()
    (shared / "kept").touch()
    (tree / ".venv").symlink_to(shared)
    for name in ("Makefile", "pyproject.toml", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tree)

    done = subprocess.run(
        ["make", "venv"],
        cwd=tree,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode != 0
    assert "is a link" in done.stderr
    assert [file.name for file in shared.iterdir()] == ["kept"]


def test_ci_runs_the_tests_the_linters_and_the_altered_protocols() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert re.findall(r"^make (\w+)$", text(".ci/run"), re.MULTILINE) == ["test", "lint", "mutate"]


def test_wheel_ships_every_file_of_the_packages(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert shipped == {path.as_posix() for path in files() if path.parts[0] in SHIPPED}


# Environment


def example() -> dict[str, str]:
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))


def test_environment_example_names_every_setting() -> None:
    assert set(example()) == VARIABLES
    assert set(example()) == {name.upper() for name in Settings.model_fields}


def test_environment_example_explains_each_in_one_line_and_sets_nothing() -> None:
    _, *blocks = text(".env.example").strip().split("\n\n")
    for block in blocks:
        assert re.fullmatch(r"# \S.*\n#[A-Z_]+=\S*", block), block


def test_environment_example_shows_the_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # away from a .env
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    shown = {name: value for name, value in example().items() if value}
    unset = {name for name in VARIABLES if getattr(load_settings(), name.lower()) is None}
    assert load_settings(**shown) == load_settings()
    assert set(shown) == VARIABLES - unset


# Image


def instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", "", text("Dockerfile"))
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def last(word: str) -> str:
    return [rest for found, rest in instructions() if found == word][-1]


def test_image_is_built_in_stages_on_a_pinned_slim_base() -> None:
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert len(bases) > 1
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)


def test_image_runs_as_a_fixed_user_who_is_not_root() -> None:
    uid, gid = map(int, last("USER").split(":"))
    assert min(uid, gid) >= 1000


def test_image_starts_and_checks_itself_without_a_shell() -> None:
    assert json.loads(last("CMD")) == ["plumbline", "run"]
    assert json.loads(last("HEALTHCHECK").partition("CMD ")[2])[0] == "plumbline"
    assert last("STOPSIGNAL") == "SIGTERM"


def test_image_installs_nothing_from_outside_without_a_hash() -> None:
    installs = [
        step
        for word, rest in instructions()
        if word == "RUN"
        for step in rest.split("&&")
        if re.search(r"\bpip\b.* (install|wheel) ", step)
    ]
    assert installs
    assert all("--require-hashes" in step or "--no-deps" in step for step in installs)


def test_image_gets_what_it_copies_and_nothing_else() -> None:
    sources = {
        source.rstrip("/")
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    first, *lines = [
        line for line in text(".dockerignore").split("\n") if line[:1] not in ("", "#")
    ]
    assert first == "*"
    assert sources == {line[1:] for line in lines if line.startswith("!")}
    assert all((ROOT / source).exists() for source in sources)


# Tree


def test_licence_is_apache_2() -> None:
    assert "Apache License\n                           Version 2.0" in text("LICENSE")
    assert "The Plumbline authors" in text("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in text("LICENSE")


def test_top_level_folders_are_the_agreed_ones() -> None:
    folders = {path.parts[0] for path in files() if len(path.parts) > 1}
    assert folders <= {".ci", "bot", "content", "docs", "flows", "tests"}


def test_packages_say_that_they_are_typed() -> None:
    assert all((ROOT / package / "py.typed").exists() for package in SHIPPED)


def test_no_file_names_a_machine_or_a_package_index() -> None:
    banned = re.compile(
        r"(?<![\w.~/])/(?:work|root|home|Users)/"
        r"|py[p]i\.(?:org|io)|python[h]osted\.(?:org|io)|--(?:extra-)?index-url|--find[-]links"
    )
    found = []
    for path in files():
        try:
            content = text(path.as_posix())
        except UnicodeDecodeError:
            continue
        found += [f"{path}: {hit[0]}" for hit in banned.finditer(content)]
    assert found == []


def imports(path: Path) -> Iterator[str]:
    """The dotted names a module imports, `from a import b` as a.b."""
    for node in ast.walk(ast.parse(text(path.as_posix()))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


CHANNELS = ("telegram", "prompt_toolkit", "rich", "bot.telegram", "bot.terminal")


@pytest.mark.parametrize(
    ("part", "never"),
    [
        (
            "flows",
            ("bot", "content", "telegram", "asyncio", "sqlite3", "aiohttp", "httpx", "datetime"),
        ),
        ("content", ("bot", "telegram", "asyncio", "sqlite3", "aiohttp", "httpx")),
        ("bot/telegram", ("bot.terminal", "prompt_toolkit", "rich")),
        ("bot/terminal", ("bot.telegram", "telegram")),
        ("bot/service", CHANNELS),
        ("bot/screens", CHANNELS),
        ("bot/events", CHANNELS),
        ("bot/store", CHANNELS),
    ],
)
def test_arrows(part: str, never: tuple[str, ...]) -> None:
    modules = [
        path
        for path in files()
        if path.suffix == ".py" and f"{path.with_suffix('').as_posix()}/".startswith(f"{part}/")
    ]
    crossed = [
        f"{path}: {name}"
        for path in modules
        for name in imports(path)
        if any(f"{name}.".startswith(f"{root}.") for root in never)
    ]
    assert crossed == []
