CREATE AGGREGATE a(text) (SFUNC = textcat, STYPE = text, INITCOND = '');
