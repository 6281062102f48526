"""The rules, one a module, each with its `RULE`; `headworks.lint.known` finds them."""
