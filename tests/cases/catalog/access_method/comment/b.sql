CREATE ACCESS METHOD access_method_comment TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD access_method_comment IS 'two';
