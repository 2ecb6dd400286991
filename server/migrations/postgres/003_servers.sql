-- Nodes of the version before may go on: their claims hold by time alone, and they walk every app.

-- The servers that are alive. Each increments its beat every few seconds. One whose beat stands still is removed by
-- another one, and what it had claimed is free from then on.
create table server (
  id text collate "C" primary key,
  beat bigint not null,
  -- What the overview shows of it, as JSON.
  report text not null
);

-- Who claimed it last.
alter table device add column claimed_by text collate "C";
-- A server that was removed sent something while another one's push was in flight: nobody knows which arrived last.
alter table device add column is_claim_doubted boolean not null default false;
-- Until when an earlier push may still arrive, as a time of day.
alter table device add column doubt_until bigint not null default 0;
-- Those that may need a push whatever the counts are. Web Push takes no number alone.
create index device_unsure on device (app)
  where is_unregistering or (accepted is null and target_key not like 'webpush %');

alter table outbox add column claimed_by text collate "C";

-- Which server walks the devices of an app, and what the last walk found.
create table walk (
  app bigint primary key,
  server text collate "C",
  -- All devices had the right number as of this event of the log; -1 if that is not known.
  clean_seq bigint not null,
  -- When the next mute ends, which changes numbers without an event; null for none.
  next_mute_end bigint
);

create index walk_by_server on walk (server) where server is not null;

-- Sessions of the dashboard that were signed out, until they would have expired.
create table ended_session (
  id text collate "C" primary key,
  expires_at bigint not null
);

create index ended_session_expiring on ended_session (expires_at);

-- What ended someone's access, for the streams on other servers; the number is in the head of app -1.
create table access_change (
  number bigint primary key,
  change text not null,
  at bigint not null
);

create index access_change_by_time on access_change (at);
