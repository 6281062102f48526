"""Who may sign in. Auth.js (Prisma) reads and writes `users` and `sessions`; Alembic owns all three tables."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy_utils import EmailType

from commerce.base import BEFORE_TIMESTAMPS, AuthBase
from commerce.enums import UserRole, UserStatus

__all__ = ["Role", "Session", "User"]


class User(AuthBase):
    """A person with an account. Auth.js fills in name, email, email_verified and image."""

    __tablename__ = "users"
    # The constraint is what Prisma's `findUnique` looks a person up by. Providers hand over addresses in any case, so
    # the index alone stops a second account for the same address, and it serves EmailType's case-blind comparison.
    __table_args__ = (
        sa.Index("uq_users_email_lower", sa.text("lower(email)"), unique=True),
        sa.CheckConstraint("email ~ '^[^@]+@[^@]+$'", name="email_format"),
    )

    name: Mapped[str | None] = mapped_column(sa.String(255))
    email: Mapped[str] = mapped_column(EmailType(255), unique=True)
    email_verified: Mapped[datetime | None] = mapped_column(
        comment="Auth.js: when the address was proven, null until then"
    )
    image: Mapped[str | None] = mapped_column(comment="URL of the picture that the sign-in provider has")
    role: Mapped[UserRole] = mapped_column(server_default=UserRole.CUSTOMER)
    status: Mapped[UserStatus] = mapped_column(server_default=UserStatus.ACTIVE)
    last_login_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None] = mapped_column(
        sort_order=BEFORE_TIMESTAMPS,
        comment="erased on request: the row stays, without personal data, for the orders that refer to it",
    )

    sessions: Mapped[list["Session"]] = relationship(back_populates="user", passive_deletes="all")


class Session(AuthBase):
    """A signed-in browser, as Auth.js keeps it."""

    __tablename__ = "sessions"

    session_token: Mapped[str] = mapped_column(sa.String(255), unique=True, comment="Auth.js: the cookie's value")
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires: Mapped[datetime] = mapped_column(index=True)
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None]

    user: Mapped[User] = relationship(back_populates="sessions")


class Role(AuthBase):
    """What each value of users.role is called and may do. Reference data."""

    __tablename__ = "roles"

    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(128))
    description: Mapped[str | None]
