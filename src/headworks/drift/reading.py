"""A live database read while something else is done, and another side read beside it."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from headworks.catalog.decoding import Decoder, Remembering
from headworks.catalog.reader import read_schema
from headworks.drift.pictures import picture_of_file
from headworks.meanwhile import Meanwhile
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

__all__ = ["both", "name_of", "reading_of"]


def reading_of(url: DatabaseUrl) -> Meanwhile[Schema]:
    """What a database is now, as it is read while something else is done; it is only read."""
    return _readings_of([url])[0]


def both(against: str, live: DatabaseUrl, meanwhile: Callable[[], None] = lambda: None) -> tuple[Schema, Schema]:
    """The picture in a snapshot file or of the database at a URL, and beside it that of the live database.

    `meanwhile` is called once the servers are at work. Raises `SnapshotMissing`.
    """
    other = DatabaseUrl.parse(against, source="--against") if "://" in against else None
    actual, *expected = _readings_of([live] if other is None else [live, other])
    meanwhile()
    return expected[0].result() if expected else picture_of_file(Path(against)), actual.result()


def name_of(text: str) -> str:
    """What messages call the side that `--against` names."""
    return "the other database" if "://" in text else text


def _readings_of(urls: Sequence[DatabaseUrl]) -> list[Meanwhile[Schema]]:
    """The pictures of one database, or of two at once.

    All are begun when this returns: what keeps Python busy from then on keeps no server waiting for its queries. Where
    two are on the same server, one connection for each is quicker than two.
    """
    begun = [threading.Event() for _ in urls]
    decoder = Remembering() if len(urls) > 1 else Decoder()
    alone = len({url.address for url in urls}) == len(urls)

    def read(number: int) -> Schema:
        url = urls[number]
        try:
            with connect(url, read_only=True) as connection:
                another = (lambda: connect(url, read_only=True)) if alone else None
                return read_schema(connection, another, decoder=decoder, asked=begun[number].set)
        finally:
            begun[number].set()

    readings = [Meanwhile(partial(read, number), name="headworks-reading") for number in range(len(urls))]
    for one in begun:
        one.wait()
    return readings
