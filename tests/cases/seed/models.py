"""The models of the seed tests: every shape of key and reference, and every kind of column."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

core = sa.MetaData()
other = sa.MetaData()


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()"))


roles = sa.Table(
    "roles",
    core,
    _id(),
    sa.Column("slug", sa.String(12), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("rank", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.CheckConstraint("rank >= 0", name="rank_not_negative"),
)
permissions = sa.Table(
    "permissions",
    core,
    _id(),
    sa.Column("resource", sa.String(32), nullable=False),
    sa.Column("verb", sa.String(32), nullable=False),
    sa.UniqueConstraint("resource", "verb"),
)
grants = sa.Table(
    "grants",
    core,
    _id(),
    sa.Column("role_id", sa.ForeignKey(roles.c.id, ondelete="CASCADE"), nullable=False),
    sa.Column("permission_id", sa.ForeignKey(permissions.c.id, ondelete="RESTRICT"), nullable=False),
    sa.Column("note", sa.Text),
    sa.UniqueConstraint("role_id", "permission_id"),
)
limits = sa.Table(
    "limits",
    core,
    _id(),
    sa.Column("code", sa.String(12), nullable=False, unique=True),
    sa.Column("grant_id", sa.ForeignKey(grants.c.id), nullable=False),
    sa.Column("per_day", sa.Integer, nullable=False),
)
categories = sa.Table(
    "categories",
    core,
    _id(),
    sa.Column("slug", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("parent_id", sa.ForeignKey("categories.id", ondelete="RESTRICT")),
)
countries = sa.Table(
    "countries",
    core,
    sa.Column("code", sa.String(2), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)
cities = sa.Table(
    "cities",
    core,
    _id(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("country_code", sa.ForeignKey("countries.code", ondelete="SET NULL")),
    sa.Column("twin_id", sa.ForeignKey("cities.id")),
    sa.Column("home_of", sa.ForeignKey("roles.id")),
)
teams = sa.Table(
    "teams",
    core,
    _id(),
    sa.Column("code", sa.String(8), nullable=False, unique=True),
    sa.Column("lead_id", sa.ForeignKey("people.id", use_alter=True, name="teams_lead")),
)
people = sa.Table(
    "people",
    core,
    _id(),
    sa.Column("email", sa.String(64), nullable=False, unique=True),
    sa.Column("team_id", sa.ForeignKey("teams.id"), nullable=False),
)
badges = sa.Table(
    "badges",
    other,
    _id(),
    sa.Column("label", sa.Text, nullable=False, unique=True),
    sa.Column("role_id", sa.ForeignKey(roles.c.id, ondelete="SET NULL")),
)
odd = sa.Table(
    'Odd "tables" 100%',
    core,
    sa.Column("größe %s", sa.Text, primary_key=True),
    sa.Column('the "n" {0}', sa.Integer, key="n"),
    sa.Column("select", sa.Text),
    schema="My Schema",
)
kinds = sa.Table(
    "kinds",
    core,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(8), nullable=False, unique=True),
    sa.Column("amount", sa.Numeric(5, 2)),
    sa.Column("ratio", sa.Double),
    sa.Column("big", sa.BigInteger),
    sa.Column("on_day", sa.Date),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("local", sa.DateTime),
    sa.Column("clock", sa.Time),
    sa.Column("spell", sa.Interval),
    sa.Column("flag", sa.Boolean),
    sa.Column("token", sa.Uuid),
    sa.Column("colour", sa.Enum("red", "deep blue", name="colour")),
    sa.Column("doc", pg.JSONB),
    sa.Column("plain", sa.JSON),
    sa.Column("tags", pg.ARRAY(sa.Text)),
    sa.Column("scores", pg.ARRAY(sa.Integer)),
    sa.Column("blob", sa.LargeBinary),
    sa.Column("host", pg.INET),
    sa.Column("span", pg.DATERANGE),
    sa.Column("fixed", sa.CHAR(3)),
    sa.Column("doubled", sa.Numeric, sa.Computed("amount * 2", persisted=True)),
)
strict = sa.Table(
    "strict",
    core,
    _id(),
    sa.Column("code", sa.String(8), nullable=False),
    sa.Column("made", sa.Integer, nullable=False),
    sa.Column("only_here", sa.Integer, nullable=False, default=7),
    sa.UniqueConstraint("code", deferrable=True),
    sa.Index("strict_made", "made", unique=True),
)
