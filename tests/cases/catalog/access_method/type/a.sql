CREATE ACCESS METHOD access_method_type TYPE INDEX HANDLER bthandler;
