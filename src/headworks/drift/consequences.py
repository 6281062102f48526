"""What follows from a change that is said already: a view's columns from its text.

The expected picture is made as the change makes it, so that all else of these objects is compared as ever.
"""

from collections.abc import Collection, Iterator

import msgspec

from headworks.schema import Change, Column, MaterializedView, Object, Relation, Schema, View

__all__ = ["rewritten_views", "with_columns_of"]


def rewritten_views(changes: Collection[Change], actual: Schema) -> list[Relation]:
    """The views that have another text, as they are."""
    found = (actual.get(one.object) for one in changes if one.attribute == "definition")
    return [item for item in found if isinstance(item, View | MaterializedView)]


def with_columns_of(views: Collection[Relation], expected: Schema, actual: Schema) -> Schema:
    """`expected` with the columns of `actual` in these views: which there are, in which order, of which type.

    What else a column has (a comment, a default) stays as expected; one that has come is expected to have nothing.
    """
    places = {(view.schema, view.name): view for view in views}
    come = {one.key: one for view in views for one in actual.on(view, Column)}
    rest = expected.without(
        lambda item: isinstance(item, Column) and (item.schema, item.table) in places and item.key not in come
    )

    def rewritten() -> Iterator[Object]:
        left = dict(come)
        for item in rest.objects:
            if isinstance(item, Column) and (new := left.pop(item.key, None)) is not None:
                yield msgspec.structs.replace(item, type=new.type, collation=new.collation)
            elif isinstance(item, View | MaterializedView) and (item.schema, item.name) in places:
                yield msgspec.structs.replace(item, column_order=places[item.schema, item.name].column_order)
            else:
                yield item
        for new in left.values():
            yield Column(schema=new.schema, table=new.table, name=new.name, type=new.type, collation=new.collation)

    return rest.with_objects(rewritten())
