-- At most one row: an import has begun and is not complete. No server serves the data meanwhile.
create table import_progress (
  id integer primary key check (id = 1),
  -- How many lines of the file are in the tables, and their SHA-256.
  lines integer not null,
  sha256 text not null
) strict;
