CREATE FUNCTION own(internal, internal, tsquery) RETURNS internal LANGUAGE internal STRICT AS 'prsd_headline';
CREATE TEXT SEARCH PARSER p (
    START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, HEADLINE = prsd_headline,
    LEXTYPES = prsd_lextype
);
