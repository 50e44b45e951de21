"""Schema versions of the catalogue (Alembic), run from ``corpus.database``."""
