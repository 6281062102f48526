CREATE FUNCTION own(internal) RETURNS void LANGUAGE internal STRICT AS 'prsd_end';
CREATE TEXT SEARCH PARSER p (
    START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, HEADLINE = prsd_headline,
    LEXTYPES = prsd_lextype
);
