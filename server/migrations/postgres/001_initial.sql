-- Nodes of the version before may go on: there is none.

-- The log is the truth: one row for each accepted command, numbered per app without gaps. The tables from app_user to
-- message_id are checkpoints of what it comes to. Numbers of users, conversations and announcements are an app's own.

-- A number is the version of the registry that created the app, so it is never reused and orders apps by creation.
create table app (
  number bigint primary key,
  id text collate "C" not null unique,
  name text not null,
  mode text not null,
  include_announcements boolean not null,
  jabber_domain text not null,
  created_at bigint not null,
  -- Set when the app was deleted and its rows are still being removed.
  deleted_at bigint
);

create table token (
  id text collate "C" primary key,
  app bigint not null,
  label text not null,
  hash bytea not null,
  created_at bigint not null
);

create index token_by_app on token (app);

create table secret (
  name text collate "C" primary key,
  value bytea not null
);

-- Who appends to an app's log locks its row here first. The row of app 0 is the registry's: its seq is a version, which
-- every change to apps and tokens increments.
create table log_head (
  app bigint primary key,
  seq bigint not null,
  -- The id of the last alert that was put into the outbox.
  alert bigint not null
);

insert into log_head (app, seq, alert) values (0, 0, 0);

create table event (
  app bigint not null,
  seq bigint not null,
  -- With the first event of each batch: a node whose connection broke during a commit finds out whether it landed.
  batch uuid,
  event text not null,
  primary key (app, seq)
);

-- Every event of the app up to seq is in its rows of the tables below. One node at a time writes them: the one that
-- holds the lease.
create table checkpoint (
  app bigint primary key,
  seq bigint not null,
  node text,
  leased_until timestamptz
);

create table app_user (
  app bigint not null,
  user_number bigint not null,
  id text not null,
  everyone_base bigint not null,
  announced_cursor bigint not null,
  announced_ranges text,
  named text,
  external text,
  blocked text,
  primary key (app, user_number)
);

create table conversation (
  app bigint not null,
  conversation bigint not null,
  id text not null,
  is_existing boolean not null,
  is_distinct boolean not null,
  created_at bigint not null,
  fingerprint bigint not null,
  head bigint not null,
  last_at bigint not null,
  metadata text,
  uncounted text,
  deleted_messages text,
  -- What lists show of the last message that is not deleted, as JSON; null if there is none.
  last_message text,
  primary key (app, conversation)
);

create table participation (
  app bigint not null,
  conversation bigint not null,
  user_number bigint not null,
  joined bigint not null,
  cursor bigint not null,
  ranges text,
  mentions text,
  level text,
  muted_until bigint,
  primary key (app, conversation, user_number)
);

create table announcement (
  app bigint not null,
  announcement bigint not null,
  id text not null,
  at bigint not null,
  fingerprint bigint not null,
  everyone_position bigint,
  recipients text,
  primary key (app, announcement)
);

-- Where the log has the messages whose ids their callers chose.
create table message_id (
  app bigint not null,
  id text collate "C" not null,
  seq bigint not null,
  primary key (app, id)
);

create table device (
  app bigint not null,
  id text collate "C" not null,
  user_id text collate "C" not null,
  target text not null,
  -- What makes two targets the same: one device has one.
  target_key text collate "C" not null,
  registered_at bigint not null,
  used_at bigint not null,
  accepted bigint,
  accepted_at bigint,
  is_unregistering boolean not null default false,
  claimed_until bigint not null default 0,
  primary key (app, id)
);

create unique index device_by_target on device (app, target_key);
create index device_by_user on device (app, user_id, used_at);

create table outbox (
  app bigint not null,
  id bigint not null,
  -- Where the caller chose one: the same id again is the same alert.
  request_id text collate "C",
  audience text not null,
  -- Null once it is settled for all it went to. The row stays until it expires, so that a retry is recognised.
  notification text,
  expires_at bigint not null,
  claimed_until bigint not null default 0,
  primary key (app, id)
);

create unique index outbox_by_request on outbox (app, request_id) where request_id is not null;
create index outbox_open on outbox (app, id) where notification is not null;
create index outbox_expiring on outbox (app, expires_at) where notification is null;

-- The devices that are done with an alert that is not settled for all.
create table outbox_settled (
  app bigint not null,
  alert bigint not null,
  device text collate "C" not null,
  primary key (app, alert, device)
);

-- Sealed with a key that is not in here.
create table credential (
  app bigint not null,
  platform text not null,
  sealed bytea not null,
  primary key (app, platform)
);

-- Small things that mostly expire: OAuth clients, codes, tokens (as hashes), sign-ins, notification channels.
create table record (
  app bigint not null,
  collection text collate "C" not null,
  id text collate "C" not null,
  owner text collate "C" not null,
  value text not null,
  -- Null: never.
  expires_at bigint,
  inserted_at timestamptz not null default clock_timestamp(),
  primary key (app, collection, id)
);

create index record_by_owner on record (app, collection, owner, inserted_at);
create index record_expiring on record (app, expires_at) where expires_at is not null;
