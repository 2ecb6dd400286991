-- The journal is the truth: one row for each accepted command, in order. The other tables are checkpoints of
-- what it comes to, or small settings. Numbers of users, conversations and announcements are an app's own.

create table apps (
  number integer primary key autoincrement,
  id text not null unique,
  name text not null,
  mode text not null,
  include_announcements integer not null,
  jabber_domain text not null,
  created_at integer not null,
  -- Set when the app was deleted and its rows are still being removed.
  deleted_at integer
) strict;

create table tokens (
  id text primary key,
  app integer not null references apps (number),
  label text not null,
  hash blob not null,
  created_at integer not null
) strict, without rowid;

create index tokens_by_app on tokens (app);

create table secrets (
  name text primary key,
  value blob not null
) strict, without rowid;

create table journal (
  seq integer primary key,
  app integer not null,
  event text not null
) strict;

-- Everything up to this row of the journal is in the tables below. One row.
create table checkpoint (
  id integer primary key check (id = 1),
  seq integer not null
) strict;

insert into checkpoint (id, seq) values (1, 0);

create table users (
  app integer not null,
  user integer not null,
  id text not null,
  everyone_base integer not null,
  announced_cursor integer not null,
  announced_ranges text,
  named text,
  external text,
  blocked text,
  primary key (app, user)
) strict, without rowid;

create table conversations (
  app integer not null,
  conversation integer not null,
  id text not null,
  is_existing integer not null,
  is_distinct integer not null,
  created_at integer not null,
  fingerprint integer not null,
  head integer not null,
  last_at integer not null,
  last integer not null,
  metadata text,
  voids text,
  deleted_messages text,
  primary key (app, conversation)
) strict, without rowid;

create table participations (
  app integer not null,
  conversation integer not null,
  user integer not null,
  joined integer not null,
  cursor integer not null,
  ranges text,
  mentions text,
  level text,
  muted_until integer,
  primary key (app, conversation, user)
) strict, without rowid;

create table announcements (
  app integer not null,
  announcement integer not null,
  id text not null,
  at integer not null,
  fingerprint integer not null,
  everyone_position integer,
  recipients text,
  primary key (app, announcement)
) strict, without rowid;

-- Where the journal has the messages whose ids their callers chose.
create table message_ids (
  app integer not null,
  id text not null,
  seq integer not null,
  primary key (app, id)
) strict, without rowid;
