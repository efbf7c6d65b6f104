"""Whole interviews in words on the real program, and that the pages in docs show these very ones."""

from pathlib import Path

import pytest

from tests.whole.typing_patient import PAGES, page


@pytest.mark.parametrize("code", PAGES)
async def test_the_page_is_what_the_program_says(tmp_path: Path, code: str) -> None:
    assert PAGES[code].read_text(encoding="utf-8") == await page(code, tmp_path)
