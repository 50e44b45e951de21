"""``run.py users``: every action, its sentence and its exit code."""

from pathlib import Path

import pytest

from corpus.vocabulary import Role
from portal.commands.exits import OK, USAGE
from portal.commands.parser import main
from portal.services import open_services
from tests.portal.house import House, empty_house


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    made = empty_house(tmp_path / "casa")
    monkeypatch.setenv("METROPOLI_HOME", str(tmp_path / "casa"))
    monkeypatch.setenv("METROPOLI_HOSTS", "portale.ente.it")
    return made


def users(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code, and all that was said."""
    code = main(["users", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_an_account_from_its_invitation_to_its_end(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = users(capsys, "link")
    assert (code, "/accedi/primo-accesso/" in said) == (OK, True)
    code, said = users(
        capsys, "add", "anna@ente.it", "Anna", "--role", "revisore", "--city", "bari"
    )
    assert code == OK
    assert "http://portale.ente.it/accedi/primo-accesso/" in said
    assert "7 giorni" in said
    reader = house.services.reader
    (anna,) = reader.accounts()
    house.services.catalogue.set_password_hash(anna.id, "hash", actor="anna")
    house.services.catalogue.set_totp(anna.id, "SECRET", 1, actor="anna")
    listed = users(capsys, "list")[1]
    assert "anna@ente.it  Anna  revisore, solo bari  (attivo, secondo passo)" in listed
    assert users(capsys, "role", "anna@ente.it", "redattore")[0] == OK
    assert reader.accounts()[0].cities == ("bari",), "as before"
    assert users(capsys, "role", "anna@ente.it", "redattore", "--all-cities")[0] == OK
    assert (reader.accounts()[0].role, reader.accounts()[0].cities) == (Role.EDITOR, ())
    code, said = users(capsys, "reset", "anna@ente.it")
    assert (code, "/accedi/nuova-password/" in said) == (OK, True)
    assert users(capsys, "remove-second-factor", "anna@ente.it")[0] == OK
    assert not reader.second_factors(anna.id)
    assert users(capsys, "deactivate", "anna@ente.it")[0] == OK
    assert not reader.accounts()[0].active
    code, said = users(capsys, "reset", "anna@ente.it")
    assert (code, "users activate anna@ente.it" in said) == (USAGE, True)
    assert users(capsys, "activate", "anna@ente.it")[0] == OK
    assert reader.accounts()[0].active
    assert {entry.actor for entry in reader.log()} >= {"riga di comando"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "capo@ente.it", "Altro"), "ha già un utente"),
        (("add", "capo", "Altro"), "non è scritto bene"),
        (("add", "b@ente.it", "B", "--city", "atlantide"), "non esiste"),
        (("role", "capo@ente.it", "redattore"), "l'ultima persona"),
        (("role", "capo@ente.it", "amministratore", "--city", "bari"), "l'ultima persona"),
        (("deactivate", "capo@ente.it"), "l'ultima persona"),
        (("reset", "nessuno@ente.it"), "Nessun utente"),
        (("remove-second-factor", "nessuno@ente.it"), "Nessun utente"),
        (("link",), "Un utente c'è già"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(
    house: House, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    catalogue = house.services.catalogue
    capo = catalogue.add_account("capo@ente.it", "Capo", Role.ADMINISTRATOR)
    catalogue.set_password_hash(capo, "hash", actor="capo")
    before = house.services.reader.accounts()
    code, said = users(capsys, *arguments)
    assert code == USAGE
    assert words in said
    assert open_services(house.services.settings).reader.accounts() == before


@pytest.mark.parametrize("arguments", [(), ("fire", "a@b.it"), ("role", "a@b.it", "re"), ("role",)])
def test_a_command_that_is_not_understood_says_how(
    house: House, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as end:
        users(capsys, *arguments)
    assert end.value.code == USAGE
    assert "uso:" in capsys.readouterr().err
