"""What is bought, as a checkout carries it: in the metadata that the shop gives Stripe and gets back with the event.

Stripe does not send a checkout's line items with its event. Metadata comes with every event, cannot be changed by the
buyer, and is covered by the signature. Its limits (https://docs.stripe.com/metadata): 50 keys, values of 500
characters.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec

from commerce.ordering.errors import BadCheckoutMetadata

__all__ = ["Line", "checkout_metadata", "read_metadata"]

_MAX_KEYS, _MAX_VALUE = 50, 500
_USER, _LINE = "user_id", "line_"


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A product as chosen: `product`, `options` ("group/option") and `addons` by slug, `variant` by SKU.

    `fields` are the answers to the product's custom fields, by key.
    """

    product: str
    quantity: Annotated[int, msgspec.Meta(ge=1)] = 1
    variant: str | None = None
    options: tuple[str, ...] = ()
    addons: tuple[str, ...] = ()
    fields: dict[str, str | int | float | bool] = {}

    @property
    def configuration(self) -> dict[str, Any]:
        """What `order_items.configuration` keeps."""
        chosen = {"options": list(self.options), "addons": list(self.addons), "fields": self.fields}
        return {name: value for name, value in chosen.items() if value}


def checkout_metadata(user_id: uuid.UUID, lines: Iterable[Line]) -> dict[str, str]:
    """The `metadata` to make a Stripe checkout with. Raises `BadCheckoutMetadata` for what Stripe would not take."""
    metadata = {_USER: str(user_id)}
    for number, line in enumerate(lines, start=1):
        metadata[f"{_LINE}{number:02}"] = value = msgspec.json.encode(line).decode()
        if len(value) > _MAX_VALUE:
            raise BadCheckoutMetadata(reason=f"line {number} has {len(value)} characters, Stripe takes {_MAX_VALUE}")
    if not 1 < len(metadata) <= _MAX_KEYS:
        raise BadCheckoutMetadata(reason=f"{len(metadata) - 1} lines, 1 to {_MAX_KEYS - 1} are possible")
    return metadata


def read_metadata(metadata: Mapping[str, str]) -> tuple[uuid.UUID, tuple[Line, ...]]:
    """Who buys, and what. Keys of others are left alone. Raises `BadCheckoutMetadata`."""
    try:
        user_id = uuid.UUID(metadata.get(_USER, ""))
    except ValueError:
        raise BadCheckoutMetadata(reason=f"{_USER} is no UUID") from None
    lines = []
    for key in sorted(key for key in metadata if key.startswith(_LINE)):
        try:
            lines.append(msgspec.json.decode(metadata[key], type=Line))
        except msgspec.DecodeError as error:
            raise BadCheckoutMetadata(reason=f"{key}: {error}") from None
    if not lines:
        raise BadCheckoutMetadata(reason=f"no key begins with {_LINE}")
    return user_id, tuple(lines)
