"""The rules: every module of `headworks.lint.rules`, by iteration."""

import importlib
import pkgutil
from functools import cache

from headworks.lint import rules
from headworks.lint.rule import LintRule

__all__ = ["all_rules"]


@cache
def all_rules() -> tuple[LintRule, ...]:
    """Every rule, by name."""
    modules = (importlib.import_module(f"{rules.__name__}.{one.name}") for one in pkgutil.iter_modules(rules.__path__))
    found: list[LintRule] = [module.RULE for module in modules]
    return tuple(sorted(found, key=lambda one: one.name))
