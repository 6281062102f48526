CREATE TYPE mood AS ENUM ('ok');
CREATE OPERATOR CLASS c FOR TYPE mood USING btree AS OPERATOR 1 < (anyenum, anyenum), FUNCTION 1 (mood,
    mood) enum_cmp(anyenum, anyenum);
