import { submitWebhooks } from "./submitWebhooks.ts"

/** Marks the file as gentask's: "gtkl" in ASCII. */
export const applicationId = 0x67746b6c

/** A change of the tables. Published migrations never change. */
interface Migration {
  readonly name: string
  readonly sql: string
}

const tables = `
create table intents (
  seq integer primary key autoincrement,
  id text not null unique,
  account text not null,
  idempotency_key text not null,
  state text not null,
  attempts integer not null default 0,
  created_at integer not null,
  settled_at integer,
  origin text not null,
  model text not null,
  digest text not null,
  owner text not null,
  trace_id text,
  prompt text,
  error text,
  refs text not null default '[]',
  files text not null,
  input text not null,
  can_replay integer not null default 0,
  unique (account, idempotency_key)
) strict;
create index intents_unsettled on intents (seq) where state in ('pending', 'unknown');
create index intents_submits on intents (created_at) where state <> 'rejected';

create table tasks (
  seq integer primary key autoincrement,
  ref text not null unique,
  account text not null,
  status text not null,
  added_at integer not null,
  since integer not null,
  updated_at integer not null,
  ended_at integer,
  intent_seq integer references intents (seq) on delete set null,
  trace_id text,
  model text,
  cost_amount real,
  cost_unit text,
  failure_reason text,
  failure_message text,
  prompt text,
  snapshot text
) strict;
create index tasks_list on tasks (seq, account, status, added_at);
create index tasks_open on tasks (account, seq) where ended_at is null;
create index tasks_ended on tasks (ended_at) where ended_at is not null;
create index tasks_intent on tasks (intent_seq) where intent_seq is not null;

create table events (
  seq integer primary key autoincrement,
  task_seq integer references tasks (seq) on delete cascade,
  intent_seq integer references intents (seq) on delete cascade,
  kind text not null,
  n integer not null,
  at integer not null,
  body text,
  check ((task_seq is null) <> (intent_seq is null))
) strict;
create unique index events_task on events (task_seq, kind, n) where task_seq is not null;
create unique index events_intent on events (intent_seq, kind, n) where intent_seq is not null;

create table files (
  task_seq integer not null references tasks (seq) on delete cascade,
  path text not null,
  kind text not null,
  role text not null,
  media_type text not null,
  bytes integer not null,
  sha256 text not null,
  saved_at integer not null,
  primary key (task_seq, path)
) strict, without rowid;

create table durations (
  key text primary key,
  seq integer not null,
  body text not null
) strict;

create table imports (
  name text primary key,
  imported_at integer not null
) strict;
`

/**
 * The index stores no copy of the texts: it reads them from the table of tasks. Tasks of which only the ref is known are not
 * in it, because indexing a ref costs more than all else of adding a task. They are in an index of their own.
 */
const search = `
create view tasks_with_text as
  select seq, ref, model, prompt, failure_message from tasks
  where model is not null or prompt is not null or failure_message is not null;
create virtual table tasks_search using fts5 (
  ref, model, prompt, failure_message, content = 'tasks_with_text', content_rowid = 'seq', tokenize = 'trigram'
);
create index tasks_without_text on tasks (seq) where model is null and prompt is null and failure_message is null;
create trigger tasks_search_insert after insert on tasks
when new.model is not null or new.prompt is not null or new.failure_message is not null
begin
  insert into tasks_search (rowid, ref, model, prompt, failure_message)
  values (new.seq, new.ref, new.model, new.prompt, new.failure_message);
end;
create trigger tasks_search_delete after delete on tasks
when old.model is not null or old.prompt is not null or old.failure_message is not null
begin
  insert into tasks_search (tasks_search, rowid, ref, model, prompt, failure_message)
  values ('delete', old.seq, old.ref, old.model, old.prompt, old.failure_message);
end;
create trigger tasks_search_update after update on tasks
when old.model is not new.model or old.prompt is not new.prompt or old.failure_message is not new.failure_message
begin
  insert into tasks_search (tasks_search, rowid, ref, model, prompt, failure_message)
  select 'delete', old.seq, old.ref, old.model, old.prompt, old.failure_message
  where old.model is not null or old.prompt is not null or old.failure_message is not null;
  insert into tasks_search (rowid, ref, model, prompt, failure_message)
  select new.seq, new.ref, new.model, new.prompt, new.failure_message
  where new.model is not null or new.prompt is not null or new.failure_message is not null;
end;
`

/**
 * What the tracker needs. A trigger fills the outbox, so that the events of all programs that write to the file are
 * delivered. It compares the kinds of events with the names that webhooks use.
 */
const tracker = `
alter table tasks add column due_at integer;
alter table tasks add column polls integer not null default 0;
alter table tasks add column not_found_since integer;
alter table tasks add column save_state text;
alter table tasks add column save_due_at integer;
alter table tasks add column save_retry_at integer;
alter table tasks add column save_attempts integer not null default 0;
alter table tasks add column save_error text;
alter table tasks add column poll_error text;
create index tasks_save on tasks (account, save_due_at) where save_state = 'due';

create table accounts (
  account text primary key,
  epoch integer not null,
  owner text,
  seen_at integer,
  spent text not null default '{"agesMs":[],"pausedForMs":0}',
  spent_at integer not null default 0,
  last_error text
) strict;

create table submits (
  seq integer primary key autoincrement,
  id text not null unique,
  account text not null,
  idempotency_key text not null,
  digest text not null,
  state text not null,
  request text,
  refs text not null default '[]',
  error text,
  created_at integer not null,
  settled_at integer,
  unique (account, idempotency_key)
) strict;
create index submits_queued on submits (account, seq) where state = 'queued';

create table cancels (
  id text primary key,
  account text not null,
  ref text not null,
  created_at integer not null,
  outcome text
) strict;
create index cancels_queued on cancels (account, created_at) where outcome is null;

create table endpoints (
  id text primary key,
  url text not null,
  events text not null,
  secrets text not null,
  is_enabled integer not null,
  created_at integer not null
) strict;

create table outbox (
  seq integer primary key autoincrement,
  event_seq integer not null references events (seq) on delete cascade,
  endpoint_id text not null references endpoints (id) on delete cascade,
  account text not null,
  due_at integer,
  attempts integer not null default 0,
  is_leased integer not null default 0,
  last_error text,
  unique (event_seq, endpoint_id)
) strict;
create index outbox_due on outbox (account, due_at) where due_at is not null;
create index outbox_endpoint on outbox (endpoint_id, due_at);

create trigger events_outbox after insert on events
when exists (select 1 from endpoints) and new.kind in ('task.added', 'task.submitted', 'task.status', 'task.all-saved', 'task.save-failed')
begin
  insert into outbox (event_seq, endpoint_id, account, due_at)
  select new.seq, endpoints.id, tasks.account, new.at
  from endpoints join tasks on tasks.seq = new.task_seq
  where endpoints.is_enabled = 1 and (endpoints.events = '[]' or exists (
    select 1 from json_each(endpoints.events) where value = case new.kind
      when 'task.submitted' then 'task.added'
      when 'task.all-saved' then 'task.saved'
      when 'task.status' then iif(new.body ->> 'status' in ('succeeded', 'failed', 'canceled', 'expired'), 'task.ended', 'task.status')
      else new.kind
    end
  ));
end;
`

/** All migrations. The id of the first one is 1. */
export const migrations: ReadonlyArray<Migration> = [
  { name: "initial", sql: `${tables}${search}` },
  { name: "tracker", sql: tracker },
  { name: "submit webhooks", sql: submitWebhooks }
]

/** The columns are those of Effect's `Migrator`, so that it can continue with the same table. */
export const migrationTable = `
create table if not exists gentask_migrations (
  migration_id integer primary key not null,
  created_at text not null default current_timestamp,
  name text not null
)
`
