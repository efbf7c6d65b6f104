"""What tests of several folders need."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.telegram_stand_in import StandIn


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as stand_in:
        yield stand_in
        assert stand_in.breaches == []
