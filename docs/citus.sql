-- Distributes the tables of badged over the workers of a Citus cluster by app: every app is on one worker, and every
-- transaction of an app is too. Run it once as the owner of the tables, after the first start of badged made them:
--
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f docs/citus.sql

begin;

-- Few rows, the same on every worker. They change when an app, a token or a setting does.
select create_reference_table('badged_schema');
select create_reference_table('app');
select create_reference_table('token');
select create_reference_table('secret');
select create_reference_table('import_progress');

-- The servers that are alive, and what they tell each other.
select create_reference_table('server');
select create_reference_table('ended_session');
select create_reference_table('access_change');

-- The log and what is written with it.
select create_distributed_table('log_head', 'app');
select create_distributed_table('event', 'app', colocate_with => 'log_head');
select create_distributed_table('outbox', 'app', colocate_with => 'log_head');
select create_distributed_table('outbox_settled', 'app', colocate_with => 'log_head');

-- Checkpoints.
select create_distributed_table('checkpoint', 'app', colocate_with => 'log_head');
select create_distributed_table('app_user', 'app', colocate_with => 'log_head');
select create_distributed_table('conversation', 'app', colocate_with => 'log_head');
select create_distributed_table('participation', 'app', colocate_with => 'log_head');
select create_distributed_table('announcement', 'app', colocate_with => 'log_head');
select create_distributed_table('message_id', 'app', colocate_with => 'log_head');

-- What belongs to an app beside its log.
select create_distributed_table('device', 'app', colocate_with => 'log_head');
select create_distributed_table('walk', 'app', colocate_with => 'log_head');
select create_distributed_table('credential', 'app', colocate_with => 'log_head');
select create_distributed_table('record', 'app', colocate_with => 'log_head');

commit;
