CREATE ACCESS METHOD access_method_missing TYPE INDEX HANDLER bthandler;
