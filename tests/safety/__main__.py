"""Writes docs/safety.md anew."""

from tests.safety.log import PAGE, load_log
from tests.safety.page import page

PAGE.write_text(page(load_log()), encoding="utf-8")
