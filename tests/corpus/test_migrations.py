"""Schema versions of the catalogue, up and down, with data inside."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from corpus import database as database_module
from corpus.catalogue import Catalogue
from corpus.database import SCHEMA, Database
from corpus.home import DataHome
from corpus.migrations.upgrade import downgrade, is_known, newest, upgrade
from corpus.models import Base
from corpus.reader import Reader
from corpus.store import FileStore
from corpus.vocabulary import Role, State
from tests.corpus import samples

NEXT_SCHEMA = f"{int(SCHEMA) + 1:04}"
NICKNAME = """
import sqlalchemy as sa
from alembic import op
branch_labels = depends_on = None
def upgrade():
    with op.batch_alter_table('city', recreate='always') as city:
        city.add_column(sa.Column('nickname', sa.String(), nullable=True))
    op.execute("UPDATE city SET nickname = upper(slug)")
def downgrade():
    with op.batch_alter_table('city') as city:
        city.drop_column('nickname')
"""


def on(path: Path, act: Callable[[Connection], None]) -> None:
    """Do ``act`` in a transaction that covers changes of tables too."""
    connection = sqlite3.connect(path, isolation_level=None)
    engine = create_engine("sqlite://", creator=lambda: connection)
    with engine.connect() as opened:
        opened.exec_driver_sql("PRAGMA foreign_keys=OFF")
        act(opened)
        opened.commit()
    engine.dispose()
    connection.close()


def test_the_program_expects_the_newest_migration() -> None:
    assert newest() == SCHEMA
    assert is_known(SCHEMA)
    assert not is_known("9999")


def test_the_migrations_make_exactly_the_tables_of_the_models(home: DataHome) -> None:
    differences = []

    def compare(connection: Connection) -> None:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences.extend(compare_metadata(context, Base.metadata))

    on(home.catalogue, compare)
    assert differences == []


def test_data_of_every_kind_fit_the_first_schema_and_all_of_it_can_be_undone(
    home: DataHome, catalogue: Catalogue, database: Database, store: FileStore
) -> None:
    known = catalogue.add(
        samples.document(cities=("bari",), areas=("semplificazione",)),
        samples.file(store),
        actor="x",
        state=State.PUBLISHED,
    )
    catalogue.add(samples.solution(documents=(known,)), actor="x", state=State.PUBLISHED)
    catalogue.add(samples.course(), actor="x")
    catalogue.add(samples.event(), actor="x")
    account = catalogue.add_account("a@example.org", "Anna", Role.EDITOR, cities=("bari",))
    catalogue.create_link("invito", account)
    catalogue.put_best_bet(["suap"], [known], actor="x")
    catalogue.put_synonym(["suap", "sportello"], actor="x")
    database.close()

    tables: set[str] = set()
    on(home.catalogue, lambda connection: downgrade(connection, "base"))
    on(home.catalogue, lambda connection: tables.update(inspect(connection).get_table_names()))
    assert tables == {"alembic_version"}
    on(home.catalogue, lambda connection: upgrade(connection, SCHEMA))
    on(home.catalogue, lambda connection: tables.update(inspect(connection).get_table_names()))
    assert set(Base.metadata.tables) <= tables


@pytest.fixture
def next_schema(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A program one migration newer than this one: cities have a nickname, no city website."""
    migrations = tmp_path / "migrations"
    source = Path(database_module.__file__).parent / "migrations"
    shutil.copytree(source, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    heading = f"revision, down_revision = '{NEXT_SCHEMA}', '{SCHEMA}'\n"
    (migrations / "versions" / "nickname.py").write_text(heading + NICKNAME)
    monkeypatch.setattr("corpus.migrations.upgrade.FOLDER", migrations)
    monkeypatch.setattr("corpus.database.SCHEMA", NEXT_SCHEMA)
    return NEXT_SCHEMA


def test_an_old_catalogue_is_migrated_with_an_announcement_and_keeps_its_data(
    home: DataHome, catalogue: Catalogue, database: Database, next_schema: str
) -> None:
    known = catalogue.add(samples.document(cities=("bari",)), actor="x", state=State.PUBLISHED)
    database.close()
    newer = Database(home.catalogue)
    heard: list[str] = []
    newer.migrate(heard.append)
    newer.check()
    assert len(heard) == 1
    assert SCHEMA in heard[0]
    assert next_schema in heard[0]
    assert Reader(newer).documents(city="bari")[0].public_id == known
    newer.close()
    connection = sqlite3.connect(home.catalogue)
    assert connection.execute("SELECT nickname FROM city ORDER BY position").fetchall() == [
        ("BARI",),
        ("BOLOGNA",),
    ]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_a_migration_that_fails_leaves_the_old_catalogue_whole(
    home: DataHome, next_schema: str, tmp_path: Path
) -> None:
    broken = tmp_path / "migrations" / "versions" / "nickname.py"
    broken.write_text(broken.read_text().replace("upper(slug)", "no_such_function(slug)"))
    before = home.catalogue.read_bytes()
    newer = Database(home.catalogue)
    with pytest.raises(Exception, match="no_such_function"):
        newer.migrate(lambda sentence: None)
    newer.close()
    assert sqlite3.connect(home.catalogue).execute(
        "SELECT version_num FROM alembic_version"
    ).fetchone() == (SCHEMA,)
    columns = sqlite3.connect(home.catalogue).execute("PRAGMA table_info(city)").fetchall()
    assert "nickname" not in {column[1] for column in columns}
    assert len(before) == home.catalogue.stat().st_size


def test_going_back_down_keeps_the_data(
    home: DataHome, database: Database, catalogue: Catalogue, next_schema: str
) -> None:
    known = catalogue.add(samples.document(cities=("bari",)), actor="x", state=State.PUBLISHED)
    database.close()
    newer = Database(home.catalogue)
    newer.migrate(lambda sentence: None)
    newer.close()
    on(home.catalogue, lambda connection: downgrade(connection, SCHEMA))
    older = Database(home.catalogue)
    assert Reader(older).documents(city="bari")[0].public_id == known
    older.close()
