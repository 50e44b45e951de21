"""Every public page keeps the rules; nothing is shut by mistake or open by mistake."""

import pytest

from tests.portal.conftest import GetPage

PUBLIC_PAGES = (
    "/", "/ricerca", "/ricerca?q=sportello", "/ricerca?q=parolainesistente", "/documenti",
    "/soluzioni", "/citta", "/citta/bari", "/aree", "/aree/semplificazione", "/progetto",
    "/formazione", "/eventi", "/contattaci", "/privacy", "/cookie", "/note-legali", "/crediti",
    "/accessibilita", "/accedi",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_a_public_page_keeps_the_rules(address: str, get_page: GetPage) -> None:
    get_page(address)
