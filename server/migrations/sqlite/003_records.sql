-- Small things that mostly expire: OAuth clients, codes, tokens (as hashes), sign-ins, notification channels.

create table records (
  seq integer primary key autoincrement,
  app integer not null,
  kind text not null,
  id text not null,
  owner text not null,
  value text not null,
  -- Null: never.
  expires_at integer
) strict;

create unique index records_by_id on records (app, kind, id);
create index records_by_owner on records (app, kind, owner, seq);
create index records_expiring on records (app, expires_at) where expires_at is not null;
