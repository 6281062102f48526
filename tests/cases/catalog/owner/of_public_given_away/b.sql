ALTER SCHEMA public OWNER TO headworks_case_writer;
