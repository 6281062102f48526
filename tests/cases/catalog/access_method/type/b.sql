CREATE ACCESS METHOD access_method_type TYPE TABLE HANDLER heap_tableam_handler;
