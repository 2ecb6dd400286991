-- Sessions of the dashboard that were signed out, until they would have expired.
create table ended_sessions (
  id text primary key,
  expires_at integer not null
) without rowid;
