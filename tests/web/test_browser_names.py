"""What a person calls a browser."""

from __future__ import annotations

import pytest

from web.view.browser_names import browser_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "names"),
    [
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/120.0.0.0 Mobile Safari/537.36", ("Chrome", "Android")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {WEBKIT} Chrome/120.0 Safari/537.36 Edg/120.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", ("Firefox", "Linux")),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) {WEBKIT} Safari/604.1", ("Safari", "iPhone")),
        (f"Mozilla/5.0 (iPhone; like Mac OS X) {WEBKIT} CriOS/119.0 Safari/604.1", ("Chrome", "iPhone")),
        (f"Mozilla/5.0 (Linux; Android 13) {WEBKIT} Chrome/119 Safari/537.36 Line/13.2", ("LINE", "Android")),
        ("curl/8.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_has_a_short_name(agent: str, names: tuple[str, str]) -> None:
    assert browser_of(agent) == names
