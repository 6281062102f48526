CREATE FUNCTION own(internal, internal, internal, internal) RETURNS internal LANGUAGE internal STRICT
    AS 'dsimple_lexize';
CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = own);
