from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.handover.http import GuardedClient
from tests.handover.receiver import Certificate, Receiver, new_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return new_certificate(Path(tmp_path_factory.mktemp("tls")))


@pytest.fixture
async def receiver(certificate: Certificate) -> AsyncIterator[Receiver]:
    async with Receiver(certificate) as receiver:
        yield receiver


@pytest.fixture
async def client(certificate: Certificate) -> AsyncIterator[GuardedClient]:
    """A client whose operator allows private addresses, with little patience."""
    client = GuardedClient(private_allowed=True, trust=certificate.trust(), time_limit=1.0)
    yield client
    await client.close()
