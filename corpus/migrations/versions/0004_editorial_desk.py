"""The editorial desk: owners, comments, scheduled publication, trash, previews, bulk edits.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("record") as record:
        record.add_column(sa.Column("summary_markdown", sa.String(), nullable=True))
        record.add_column(sa.Column("summary_html", sa.String(), nullable=True))
        record.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        record.add_column(sa.Column("submitted_by_id", sa.Integer(), nullable=True))
        record.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        record.add_column(sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
        record.add_column(sa.Column("trashed_at", sa.DateTime(timezone=True), nullable=True))
        record.create_foreign_key(
            op.f("fk_record_owner_id_account"), "account", ["owner_id"], ["id"]
        )
        record.create_foreign_key(
            op.f("fk_record_submitted_by_id_account"), "account", ["submitted_by_id"], ["id"]
        )
        record.create_index(op.f("ix_record_owner_id"), ["owner_id"])
        record.create_index(op.f("ix_record_publish_at"), ["publish_at"])
    with op.batch_alter_table("version") as version:
        version.add_column(sa.Column("added_by_id", sa.Integer(), nullable=True))
        version.create_foreign_key(
            op.f("fk_version_added_by_id_account"), "account", ["added_by_id"], ["id"]
        )
    op.create_table(
        "record_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_comment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_record_comment_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_comment")),
    )
    op.create_index(op.f("ix_record_comment_record_id"), "record_comment", ["record_id"])
    op.create_table(
        "preview_link",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_preview_link_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_preview_link_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_preview_link")),
    )
    op.create_index(op.f("ix_preview_link_record_id"), "preview_link", ["record_id"])
    op.create_table(
        "bulk_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bulk_edit_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edit")),
    )


def downgrade() -> None:
    op.drop_table("bulk_edit")
    op.drop_index(op.f("ix_preview_link_record_id"), "preview_link")
    op.drop_table("preview_link")
    op.drop_index(op.f("ix_record_comment_record_id"), "record_comment")
    op.drop_table("record_comment")
    with op.batch_alter_table("version") as version:
        version.drop_constraint(op.f("fk_version_added_by_id_account"), type_="foreignkey")
        version.drop_column("added_by_id")
    with op.batch_alter_table("record") as record:
        record.drop_index(op.f("ix_record_publish_at"))
        record.drop_index(op.f("ix_record_owner_id"))
        record.drop_constraint(op.f("fk_record_submitted_by_id_account"), type_="foreignkey")
        record.drop_constraint(op.f("fk_record_owner_id_account"), type_="foreignkey")
        for name in (
            "trashed_at", "publish_at", "submitted_at", "submitted_by_id", "owner_id",
            "summary_html", "summary_markdown",
        ):
            record.drop_column(name)
