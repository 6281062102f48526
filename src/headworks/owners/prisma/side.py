"""One model and the table that it stands for, beside each other."""

from dataclasses import dataclass, replace

from headworks.owners.prisma.meaning import Meaning, Model
from headworks.owners.prisma.words import Words, camel, name_for
from headworks.schema import Column, Relation, Schema

__all__ = ["Side"]


@dataclass(frozen=True)
class Side:
    """What a comparison of one model works with: the pictures of the file and of the database, and their relations."""

    meaning: Meaning
    model: Model
    realised: Schema
    picture: Schema
    relation: Relation
    words: Words

    @property
    def table(self) -> tuple[str, str]:
        """The names of the schema and the table."""
        return self.model.schema, self.model.table

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the database, in order."""
        return self.picture.on(self.relation, Column)

    def of(self, model: Model) -> "Side | None":
        """The same of another model, where its table is there."""
        found = self.picture.relation(model.schema, model.table)
        return replace(self, model=model, relation=found) if found is not None else None

    def name_of(self, column: str) -> str:
        """What the field of a column is called, be it in the file or still to be written."""
        found = self.model.field_of(column)
        return found.name if found is not None else self.new_name(column)

    def new_name(self, column: str) -> str:
        """A name for a new field, in the way of those that the model has."""
        mapped = [one for one in self.model.fields if one.column != one.name]
        taken = {one.name for one in self.model.block.members}
        return name_for(camel(column) if mapped and all(camel(m.column) == m.name for m in mapped) else column, taken)
