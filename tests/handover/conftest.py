from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.handover import rounds
from bot.handover.http import GuardedClient
from tests.handover.receiver import Certificate, Receiver, new_certificate
from tests.handover.staff import Clinics
from tests.telegram_stand_in import StandIn


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


@pytest.fixture
async def clinics(
    telegram: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Clinics]:
    monkeypatch.setattr(rounds, "EVERY", 0.05)
    clinics = Clinics(telegram, tmp_path / "plumbline.db")
    store = clinics.store
    await store.open()
    for one in (clinics.riverside, clinics.hilltop):
        await store.clinics.add_clinic(one.stored())
    clinics.start()
    yield clinics
    await clinics.end()
    await store.close()
