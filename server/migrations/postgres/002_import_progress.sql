-- Nodes of the version before may go on: they do not know the table, and an import needs a database that none of them uses.

-- At most one row: an import has begun and is not complete. No node serves the data meanwhile.
create table import_progress (
  id integer primary key check (id = 1),
  -- How many lines of the file are in the tables, and their SHA-256.
  lines bigint not null,
  sha256 text not null
);
