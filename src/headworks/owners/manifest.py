"""`[tool.headworks.owners]`: which program owns a table, which domain has it, and who the domain's code owners are."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from headworks.config import OwnersSettings
from headworks.schema.patterns import Pattern

__all__ = ["Claim", "Manifest", "Owner"]

_OWN = "headworks_"
"""What headworks' helper tables begin with: nobody's, and in no picture."""


class Owner(StrEnum):
    """The program that creates, alters and drops a table."""

    ALEMBIC = "alembic"
    PRISMA = "prisma"
    EXTERNAL = "external"

    @property
    def spoken(self) -> str:
        """As a sentence names it."""
        return {"alembic": "Alembic", "prisma": "Prisma", "external": "another program"}[self.value]


class Claim(msgspec.Struct, frozen=True):
    """A pattern of the manifest, in the list of an owner."""

    owner: Owner
    pattern: Pattern

    @property
    def literal(self) -> bool:
        """Whether it names one table, and has no wildcard."""
        return not set("*?[") & set(self.pattern.path)


class Manifest:
    """What the config says of tables, by their names. Without a config every table is Alembic's, and of no domain."""

    def __init__(self, settings: OwnersSettings) -> None:
        self.settings = settings
        self.claims = tuple(
            Claim(owner, Pattern.of(text, kind="relation"))
            for owner in Owner
            for text in getattr(settings, owner.value)
        )
        self._domains = {
            name: tuple(Pattern.of(text, kind="relation") for text in said.tables)
            for name, said in settings.domains.items()
        }

    def __bool__(self) -> bool:
        """Whether it takes any table away from anybody."""
        return bool(self.claims) or self.settings.exclusive

    def owners_of(self, schema: str, name: str) -> tuple[Owner, ...]:
        """The owners whose lists name the table; without a list of Alembic's, Alembic where no other names it."""
        found = {one.owner for one in self.claims if one.pattern.names(schema, name)}
        if not found and not self.settings.alembic:
            return (Owner.ALEMBIC,)
        return tuple(owner for owner in Owner if owner in found)

    def alembic_owns(self, schema: str, name: str) -> bool:
        """Whether the migrations may create, alter and drop the table, and Alembic compare it."""
        return not name.startswith(_OWN) and Owner.ALEMBIC in self.owners_of(schema, name)

    def domains_of(self, schema: str, name: str) -> tuple[str, ...]:
        """The domains whose `tables` name the table."""
        return tuple(
            domain for domain, patterns in self._domains.items() if any(one.names(schema, name) for one in patterns)
        )

    def code_owners(self, domain: str) -> tuple[str, ...]:
        """The code owners that it names for the domain."""
        said = self.settings.domains.get(domain)
        return said.owners if said is not None else ()

    def domain_patterns(self) -> Iterator[tuple[str, Pattern]]:
        """Each pattern of `domains.NAME.tables`, with that name."""
        for domain, patterns in self._domains.items():
            for one in patterns:
                yield domain, one
