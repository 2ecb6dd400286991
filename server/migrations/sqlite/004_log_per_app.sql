-- The log is numbered per app, without gaps, and checkpoints are per app. The rows of the journal are moved by
-- store/sqlite/log_per_app.ts, which runs after this in the same transaction, and drops it.

-- The key is the app's number and the event's, (app << 40) | seq: one integer, so that a message is one row of one
-- B-tree. References in events, in message_ids and in conversations are the seq of the app's own log.
create table log (
  id integer primary key,
  event text not null
) strict;

-- Every event of the app up to seq is in its rows of the tables below.
create table checkpoints (
  app integer primary key,
  seq integer not null
) strict;

-- What lists show of the last message that is not deleted; where the log has it is in last (0: there is none).
alter table conversations add column last_position integer not null default 0;
alter table conversations add column last_sent_at integer not null default 0;
-- 0 where it is from a system sender, whose name stands beside it.
alter table conversations add column last_user integer not null default 0;
alter table conversations add column last_name text;
-- Where the caller chose the id.
alter table conversations add column last_id text;
