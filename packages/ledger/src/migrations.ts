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

/** The index stores no copy of the texts: it reads them from the table of tasks. */
const search = `
create virtual table tasks_search using fts5 (
  ref, model, prompt, failure_message, content = 'tasks', content_rowid = 'seq', tokenize = 'trigram'
);
create trigger tasks_search_insert after insert on tasks begin
  insert into tasks_search (rowid, ref, model, prompt, failure_message)
  values (new.seq, new.ref, new.model, new.prompt, new.failure_message);
end;
create trigger tasks_search_delete after delete on tasks begin
  insert into tasks_search (tasks_search, rowid, ref, model, prompt, failure_message)
  values ('delete', old.seq, old.ref, old.model, old.prompt, old.failure_message);
end;
create trigger tasks_search_update after update on tasks
when old.model is not new.model or old.prompt is not new.prompt or old.failure_message is not new.failure_message
begin
  insert into tasks_search (tasks_search, rowid, ref, model, prompt, failure_message)
  values ('delete', old.seq, old.ref, old.model, old.prompt, old.failure_message);
  insert into tasks_search (rowid, ref, model, prompt, failure_message)
  values (new.seq, new.ref, new.model, new.prompt, new.failure_message);
end;
`

/** All migrations. The id of the first one is 1. */
export const migrations: ReadonlyArray<Migration> = [{ name: "initial", sql: `${tables}${search}` }]

/** The columns are those of Effect's `Migrator`, so that it can continue with the same table. */
export const migrationTable = `
create table if not exists gentask_migrations (
  migration_id integer primary key not null,
  created_at text not null default current_timestamp,
  name text not null
)
`
