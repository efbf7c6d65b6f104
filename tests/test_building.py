"""While the program is built up nothing is looked through for garbage; afterwards only what is new."""

import gc
from collections.abc import Iterator

import pytest

from bot.building import building_up


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_was_built_up_is_never_looked_through_again() -> None:
    gc.collect()
    with building_up():
        assert not gc.isenabled()
        built = [[] for _ in range(1_000)]  # type: ignore[var-annotated]
    assert gc.isenabled()
    looked_through = {id(one) for one in gc.get_objects()}
    assert not looked_through.intersection(map(id, built))
    assert gc.get_freeze_count() > 1_000


def test_when_it_cannot_be_built_garbage_is_collected_again() -> None:
    with pytest.raises(ZeroDivisionError), building_up():
        raise ZeroDivisionError
    assert gc.isenabled()
