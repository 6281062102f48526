"""Marketing contents, with full-text search in the content's own language.

Revision ID: 20251115_12_marketing_contents
Revises: 20251115_11_support_tickets
Create Date: 2025-11-15 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251115_12_marketing_contents"
down_revision: str | None = "20251115_11_support_tickets"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None

MARKETING_CONTENT_KIND = postgresql.ENUM(
    "article", "landing_page", "faq", "newsletter", name="marketing_content_kind", create_type=False
)
PUBLICATION_STATUS = postgresql.ENUM(name="publication_status", create_type=False)

# Contents say what language they are in. As PostgreSQL prints it.
CONFIG = """
CASE locale
    WHEN 'de'::text THEN 'german'::regconfig
    WHEN 'en'::text THEN 'english'::regconfig
    ELSE 'simple'::regconfig
END"""
SEARCH = f"""\
(setweight(to_tsvector({CONFIG}, (title)::text), 'A'::"char") || setweight(to_tsvector({CONFIG}, body), 'B'::"char"))"""


def upgrade() -> None:
    MARKETING_CONTENT_KIND.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "marketing_contents",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("author_user_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.String(128), nullable=False),
        sa.Column("locale", sa.Text(), server_default="de", nullable=False, comment="ISO 639-1"),
        sa.Column("kind", MARKETING_CONTENT_KIND, nullable=False),
        sa.Column("status", PUBLICATION_STATUS, server_default="draft", nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(SEARCH, persisted=True),
            nullable=True,
            comment="full text of title and body",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketing_contents")),
        sa.ForeignKeyConstraint(
            ["author_user_id"], ["users.id"], name=op.f("fk_marketing_contents_author_user_id"), ondelete="SET NULL"
        ),
        sa.UniqueConstraint("slug", "locale", name=op.f("uq_marketing_contents_slug_locale")),
        sa.CheckConstraint("locale ~ '^[a-z]{2}$'", name=op.f("ck_marketing_contents_locale_format")),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name=op.f("ck_marketing_contents_published_has_time")
        ),
        comment="An article, landing page or newsletter, in one language.",
    )
    op.create_index(op.f("ix_marketing_contents_author_user_id"), "marketing_contents", ["author_user_id"])
    op.create_index(op.f("ix_marketing_contents_search"), "marketing_contents", ["search"], postgresql_using="gin")
    op.execute(
        "CREATE TRIGGER tr_marketing_contents_set_updated_at BEFORE UPDATE ON marketing_contents "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("marketing_contents")
    MARKETING_CONTENT_KIND.drop(op.get_bind(), checkfirst=False)
