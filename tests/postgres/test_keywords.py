"""Names are pasted as the server would print them."""

import psycopg

from headworks.schema.quoting import as_pasted


def test_a_name_is_quoted_where_the_server_quotes_it(server_url: str) -> None:
    names = ["plain", "_x1", "a$b", "1a", "\u00e9", "Order", "a b", 'a"b', "", "name"]
    with psycopg.connect(server_url) as connection:
        words = [word for (word,) in connection.execute("SELECT word FROM pg_get_keywords() WHERE catcode <> 'U'")]
        assert len(words) > 100
        for name in [*words, *names]:
            row = connection.execute("SELECT quote_ident(%s)", [name]).fetchone()
            assert row == (as_pasted(name),)
