-- Devices, the outbox of alerts, and push credentials (sealed with a key that is not in here).

create table devices (
  app integer not null,
  id text not null,
  user text not null,
  address text not null,
  -- What makes two addresses the same: one device has one.
  address_key text not null,
  registered_at integer not null,
  used_at integer not null,
  accepted integer,
  accepted_at integer,
  is_leaving integer not null default 0,
  claimed_until integer not null default 0,
  primary key (app, id)
) strict, without rowid;

create unique index devices_by_address on devices (app, address_key);
create index devices_by_user on devices (app, user, used_at);

create table outbox (
  id integer primary key autoincrement,
  app integer not null,
  -- Where the caller chose one: the same id again is the same alert.
  request_id text,
  audience text not null,
  -- Null once it is settled for all it went to; the row stays until it expires, so that a repeat is recognised.
  notification text,
  expires_at integer not null,
  claimed_until integer not null default 0
) strict;

create unique index outbox_by_request on outbox (app, request_id) where request_id is not null;
create index outbox_open on outbox (app, id) where notification is not null;
create index outbox_expiring on outbox (expires_at) where notification is null;

-- The devices that are done with an alert that is not settled for all.
create table outbox_settled (
  alert integer not null,
  device text not null,
  primary key (alert, device)
) strict, without rowid;

create table credentials (
  app integer not null,
  platform text not null,
  sealed blob not null,
  primary key (app, platform)
) strict, without rowid;
