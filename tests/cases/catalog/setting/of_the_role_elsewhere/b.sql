ALTER ROLE headworks_case_writer SET work_mem = '1MB';
ALTER ROLE headworks_case_writer RESET work_mem;
