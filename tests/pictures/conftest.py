from __future__ import annotations

import pytest

from content.loader import languages, load_content
from content.models import Content
from flows.loader import load_flow
from flows.models import Flow


@pytest.fixture(scope="session")
def flow() -> Flow:
    return load_flow()


@pytest.fixture(scope="session")
def contents(flow: Flow) -> dict[str, Content]:
    return {code: load_content(code, flow) for code in languages()}
