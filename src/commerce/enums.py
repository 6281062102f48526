"""The enumerated types, one class a PostgreSQL enum: the type is named after its class, its labels are the values.

Which `MetaData` creates a type follows from the base class. Each type is created by exactly one revision.
"""

from enum import StrEnum

__all__ = [
    "AuthEnum",
    "BillingInterval",
    "CampaignActivityType",
    "CampaignStatus",
    "CoreEnum",
    "CredentialOwnerType",
    "Currency",
    "CustomFieldType",
    "FulfillmentStatus",
    "GdprRequestKind",
    "GdprRequestStatus",
    "InstagramAccountStatus",
    "IntegrationService",
    "InvoiceStatus",
    "LexofficeSyncDirection",
    "LexofficeSyncStatus",
    "MarketingContentKind",
    "NotificationChannel",
    "NotificationStatus",
    "OptionGroupType",
    "OrderStatus",
    "PaymentStatus",
    "ProductKind",
    "PublicationStatus",
    "SubscriptionStatus",
    "SupportTicketPriority",
    "SupportTicketStatus",
    "UserRole",
    "UserStatus",
    "WebhookProvider",
]


class AuthEnum(StrEnum):
    """A type of the `auth` target."""


class CoreEnum(StrEnum):
    """A type of the `core` target."""


# auth


class UserRole(AuthEnum):
    CUSTOMER = "customer"
    SUPPORT = "support"
    MANAGER = "manager"
    ADMIN = "admin"


class UserStatus(AuthEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


# customers


class Currency(CoreEnum):
    """ISO 4217; the one currency type of the whole schema."""

    EUR = "EUR"
    USD = "USD"
    GBP = "GBP"
    CHF = "CHF"
    NOK = "NOK"
    SEK = "SEK"
    DKK = "DKK"
    PLN = "PLN"
    CZK = "CZK"


class NotificationChannel(CoreEnum):
    EMAIL = "email"
    IN_APP = "in_app"
    SMS = "sms"


class NotificationStatus(CoreEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


# commerce


class ProductKind(CoreEnum):
    ONE_TIME = "one_time"
    SUBSCRIPTION = "subscription"


class PublicationStatus(CoreEnum):
    """Shared by products and marketing contents."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class OptionGroupType(CoreEnum):
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    QUANTITY = "quantity"


class CustomFieldType(CoreEnum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    URL = "url"
    INSTAGRAM_HANDLE = "instagram_handle"


class BillingInterval(CoreEnum):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class OrderStatus(CoreEnum):
    PENDING = "pending"
    PAID = "paid"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class PaymentStatus(CoreEnum):
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


# fulfillment


class FulfillmentStatus(CoreEnum):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class InstagramAccountStatus(CoreEnum):
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    SUSPENDED = "suspended"


class CampaignStatus(CoreEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CampaignActivityType(CoreEnum):
    POST = "post"
    STORY = "story"
    REEL = "reel"
    COMMENT = "comment"
    OUTREACH = "outreach"
    REPORT = "report"


# billing


class InvoiceStatus(CoreEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


class SubscriptionStatus(CoreEnum):
    """Stripe's words, `canceled` with one l included."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    PAUSED = "paused"
    CANCELED = "canceled"


# lexoffice


class LexofficeSyncDirection(CoreEnum):
    PUSH = "push"
    PULL = "pull"


class LexofficeSyncStatus(CoreEnum):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


# support


class SupportTicketStatus(CoreEnum):
    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"


class SupportTicketPriority(CoreEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class MarketingContentKind(CoreEnum):
    ARTICLE = "article"
    LANDING_PAGE = "landing_page"
    FAQ = "faq"
    NEWSLETTER = "newsletter"


# integrations


class CredentialOwnerType(CoreEnum):
    USER = "user"
    CUSTOMER_PROFILE = "customer_profile"
    INSTAGRAM_ACCOUNT = "instagram_account"


class IntegrationService(CoreEnum):
    STRIPE = "stripe"
    LEXOFFICE = "lexoffice"
    INSTAGRAM = "instagram"
    META_ADS = "meta_ads"


class WebhookProvider(CoreEnum):
    STRIPE = "stripe"
    LEXOFFICE = "lexoffice"
    INSTAGRAM = "instagram"


# compliance


class GdprRequestKind(CoreEnum):
    """The rights of GDPR articles 15 to 21."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"


class GdprRequestStatus(CoreEnum):
    RECEIVED = "received"
    VERIFYING = "verifying"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REJECTED = "rejected"
