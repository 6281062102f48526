CREATE ACCESS METHOD access_method_unexpected TYPE INDEX HANDLER bthandler;
