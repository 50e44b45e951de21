"""In which language the letters of a followed search are written.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("subscription") as subscription:
        subscription.add_column(sa.Column("language", sa.String(), nullable=True))
    op.execute("UPDATE subscription SET language = 'it'")
    with op.batch_alter_table("subscription") as subscription:
        subscription.alter_column("language", nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("subscription") as subscription:
        subscription.drop_column("language")
