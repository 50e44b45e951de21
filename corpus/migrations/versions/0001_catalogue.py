"""The catalogue: records, places, accounts, sessions, audit.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    op.create_table(
        "area",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("short_label", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_area")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("record_public_id", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_entry_previous")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_entry_digest")),
    )
    op.create_index(
        op.f("ix_audit_entry_record_public_id"), "audit_entry", ["record_public_id"], unique=False
    )
    op.create_table(
        "city",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("capital", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("istat_code", sa.String(), nullable=True),
        sa.Column("plate", sa.String(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("website", sa.String(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("in_programme", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_city")),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_is_ours", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("date_note", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("indexed_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.String(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["record.id"], name=op.f("fk_record_successor_id_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
        sa.UniqueConstraint("public_id", name=op.f("uq_record_public_id")),
        sa.UniqueConstraint("source_key", name=op.f("uq_record_source_key")),
    )
    op.create_index("ix_record_state_kind", "record", ["state", "kind"], unique=False)
    op.create_table(
        "account_city",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("city_slug", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_city_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["city_slug"], ["city.slug"], name=op.f("fk_account_city_city_slug_city")
        ),
        sa.PrimaryKeyConstraint("account_id", "city_slug", name=op.f("pk_account_city")),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_course_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("external_url", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_document_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_event_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_start"), "event", ["start"], unique=False)
    op.create_table(
        "one_time_link",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_one_time_link_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_one_time_link")),
    )
    op.create_table(
        "pilot_solution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_slug", sa.String(), nullable=False),
        sa.Column("area_slug", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(40), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("actions", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reusable", sa.String(), nullable=False),
        sa.Column("contact_office", sa.String(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_slug"], ["area.slug"], name=op.f("fk_pilot_solution_area_slug_area")
        ),
        sa.ForeignKeyConstraint(
            ["city_slug"], ["city.slug"], name=op.f("fk_pilot_solution_city_slug_city")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["record.id"], name=op.f("fk_pilot_solution_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_solution")),
        sa.UniqueConstraint("cell", name=op.f("uq_pilot_solution_cell")),
    )
    op.create_table(
        "record_area",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("area_slug", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_slug"], ["area.slug"], name=op.f("fk_record_area_area_slug_area")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_record_area_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", "area_slug", name=op.f("pk_record_area")),
    )
    op.create_index(op.f("ix_record_area_area_slug"), "record_area", ["area_slug"], unique=False)
    op.create_table(
        "record_city",
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("city_slug", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["city_slug"], ["city.slug"], name=op.f("fk_record_city_city_slug_city")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_record_city_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", "city_slug", name=op.f("pk_record_city")),
    )
    op.create_index(op.f("ix_record_city_city_slug"), "record_city", ["city_slug"], unique=False)
    op.create_table(
        "solution_gap",
        sa.Column("city_slug", sa.String(), nullable=False),
        sa.Column("area_slug", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_slug"], ["area.slug"], name=op.f("fk_solution_gap_area_slug_area")
        ),
        sa.ForeignKeyConstraint(
            ["city_slug"], ["city.slug"], name=op.f("fk_solution_gap_city_slug_city")
        ),
        sa.PrimaryKeyConstraint("city_slug", "area_slug", name=op.f("pk_solution_gap")),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_staff_session_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_session")),
    )
    op.create_index(
        op.f("ix_staff_session_account_id"), "staff_session", ["account_id"], unique=False
    )
    op.create_table(
        "solution_document",
        sa.Column("solution_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_solution_document_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["solution_id"],
            ["pilot_solution.id"],
            name=op.f("fk_solution_document_solution_id_pilot_solution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("solution_id", "document_id", name=op.f("pk_solution_document")),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_version_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_version_document_id_number")),
    )
    op.create_index(op.f("ix_version_sha256"), "version", ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_version_sha256"), table_name="version")
    op.drop_table("version")
    op.drop_table("solution_document")
    op.drop_index(op.f("ix_staff_session_account_id"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_table("solution_gap")
    op.drop_index(op.f("ix_record_city_city_slug"), table_name="record_city")
    op.drop_table("record_city")
    op.drop_index(op.f("ix_record_area_area_slug"), table_name="record_area")
    op.drop_table("record_area")
    op.drop_table("pilot_solution")
    op.drop_table("one_time_link")
    op.drop_index(op.f("ix_event_start"), table_name="event")
    op.drop_table("event")
    op.drop_table("document")
    op.drop_table("course")
    op.drop_table("account_city")
    op.drop_index("ix_record_state_kind", table_name="record")
    op.drop_table("record")
    op.drop_table("city")
    op.drop_index(op.f("ix_audit_entry_record_public_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("area")
    op.drop_table("account")
