CREATE ACCESS METHOD access_method_handler TYPE INDEX HANDLER gisthandler;
