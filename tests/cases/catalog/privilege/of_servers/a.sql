CREATE FOREIGN DATA WRAPPER privilege_of_servers;
CREATE SERVER privilege_of_servers FOREIGN DATA WRAPPER privilege_of_servers;
