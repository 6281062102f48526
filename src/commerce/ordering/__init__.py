"""From what Stripe reports to an order: the parts of `commerce.stripe_webhook`, which is the door."""
