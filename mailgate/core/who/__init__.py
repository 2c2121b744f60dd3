"""Who asks: addresses, the evidence about a message, accounts, the kind of request, and the rule."""
