"""The work behind an order: tasks, Instagram accounts and their figures, campaigns."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commerce.base import CoreBase, SoftDelete, owns
from commerce.enums import CampaignActivityType, CampaignStatus, Currency, FulfillmentStatus, InstagramAccountStatus
from commerce.models.auth import User
from commerce.models.commerce import OrderItem
from commerce.models.customers import CustomerProfile

__all__ = ["CampaignActivity", "FulfillmentTask", "InstagramAccount", "InstagramAccountSnapshot", "ServiceCampaign"]


class FulfillmentTask(CoreBase):
    """A piece of work that an order item calls for."""

    __tablename__ = "fulfillment_tasks"
    __table_args__ = (
        sa.CheckConstraint("priority BETWEEN 0 AND 9", name="priority_range"),
        sa.CheckConstraint("status <> 'completed' OR completed_at IS NOT NULL", name="completed_has_time"),
    )

    order_item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(OrderItem.id, ondelete="CASCADE"), index=True)
    assignee_user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(sa.String(255))
    status: Mapped[FulfillmentStatus] = mapped_column(server_default=FulfillmentStatus.PENDING)
    priority: Mapped[int] = mapped_column(sa.SmallInteger, server_default=sa.text("5"), comment="0 is the most urgent")
    due_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'::jsonb"))

    order_item: Mapped[OrderItem] = relationship(backref=owns("fulfillment_tasks"))
    assignee: Mapped[User | None] = relationship(backref=owns("assigned_fulfillment_tasks"))


class InstagramAccount(SoftDelete, CoreBase):
    """An Instagram account that a customer has the shop work on."""

    __tablename__ = "instagram_accounts"
    __table_args__ = (sa.CheckConstraint("handle ~ '^[a-z0-9._]{1,30}$'", name="handle_format"),)

    customer_profile_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(CustomerProfile.id, ondelete="CASCADE"), index=True
    )
    handle: Mapped[str] = mapped_column(sa.String(30), unique=True, comment="lower case, without the @")
    instagram_user_id: Mapped[str | None] = mapped_column(
        sa.String(64), unique=True, comment="the Graph API's id; a handle may be renamed, this stays"
    )
    display_name: Mapped[str | None] = mapped_column(sa.String(255))
    status: Mapped[InstagramAccountStatus] = mapped_column(server_default=InstagramAccountStatus.CONNECTED)
    last_synced_at: Mapped[datetime | None]

    customer_profile: Mapped[CustomerProfile] = relationship(backref=owns("instagram_accounts"))
    snapshots: Mapped[list["InstagramAccountSnapshot"]] = relationship(
        back_populates="instagram_account", passive_deletes="all"
    )
    service_campaigns: Mapped[list["ServiceCampaign"]] = relationship(
        back_populates="instagram_account", passive_deletes="all"
    )


class InstagramAccountSnapshot(CoreBase):
    """An account's figures at one moment. Rows are added, never changed."""

    __tablename__ = "instagram_account_snapshots"
    __table_args__ = (
        # Its first column is a foreign key: this is that key's index too.
        sa.UniqueConstraint("instagram_account_id", "recorded_at"),
        sa.Index(
            "ix_instagram_account_snapshots_customer_profile_id_recorded_at",
            "customer_profile_id",
            sa.text("recorded_at DESC"),
        ),
        sa.CheckConstraint(
            "followers_count >= 0 AND following_count >= 0 AND media_count >= 0", name="counts_not_negative"
        ),
    )

    customer_profile_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(CustomerProfile.id, ondelete="CASCADE"),
        comment="the account's owner, repeated here so that a customer's figures are one index scan",
    )
    instagram_account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(InstagramAccount.id, ondelete="CASCADE"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    followers_count: Mapped[int]
    following_count: Mapped[int]
    media_count: Mapped[int]
    engagement_rate: Mapped[Decimal | None] = mapped_column(sa.Numeric(7, 4), comment="percent")
    metrics: Mapped[dict[str, Any]] = mapped_column(
        server_default=sa.text("'{}'::jsonb"), comment="what else the Graph API's insights said"
    )

    customer_profile: Mapped[CustomerProfile] = relationship(backref=owns("instagram_account_snapshots"))
    instagram_account: Mapped[InstagramAccount] = relationship(back_populates="snapshots")


class ServiceCampaign(SoftDelete, CoreBase):
    """A service that runs over weeks: growth, content, advertising."""

    __tablename__ = "service_campaigns"
    __table_args__ = (
        sa.CheckConstraint("budget_amount >= 0", name="budget_amount_not_negative"),
        sa.CheckConstraint("ends_on >= starts_on", name="period_order"),
    )

    customer_profile_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(CustomerProfile.id, ondelete="RESTRICT"), index=True
    )
    order_item_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(OrderItem.id, ondelete="SET NULL"), index=True
    )
    instagram_account_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(InstagramAccount.id, ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(255))
    status: Mapped[CampaignStatus] = mapped_column(server_default=CampaignStatus.DRAFT)
    budget_amount: Mapped[Decimal] = mapped_column(server_default=sa.text("0"))
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(comment="the last day, included")
    goals: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'::jsonb"))

    customer_profile: Mapped[CustomerProfile] = relationship(backref=owns("service_campaigns"))
    order_item: Mapped[OrderItem | None] = relationship(backref=owns("service_campaigns"))
    instagram_account: Mapped[InstagramAccount | None] = relationship(back_populates="service_campaigns")
    activities: Mapped[list["CampaignActivity"]] = relationship(
        back_populates="service_campaign", passive_deletes="all"
    )


class CampaignActivity(CoreBase):
    """Something that was done for a campaign, as the customer's report lists it."""

    __tablename__ = "campaign_activities"
    # Its first column is a foreign key: this is that key's index too.
    __table_args__ = (sa.Index(None, "service_campaign_id", "occurred_at"),)

    service_campaign_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(ServiceCampaign.id, ondelete="CASCADE"))
    fulfillment_task_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(FulfillmentTask.id, ondelete="SET NULL"), index=True
    )
    activity_type: Mapped[CampaignActivityType]
    occurred_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    description: Mapped[str | None]
    metrics: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'::jsonb"))

    service_campaign: Mapped[ServiceCampaign] = relationship(back_populates="activities")
    fulfillment_task: Mapped[FulfillmentTask | None] = relationship(backref=owns("campaign_activities"))
