CREATE OPERATOR CLASS c FOR TYPE point USING gist AS OPERATOR 15 <-> (point, point) FOR ORDER BY float_ops;
