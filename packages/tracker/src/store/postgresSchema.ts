/** A change of the tables. Published migrations never change. */
interface Migration {
  readonly name: string
  readonly sql: ReadonlyArray<string>
}

/**
 * Tasks and events have no foreign keys: their checks for each row cost as much as all else of an insert. Intents are never
 * deleted, and a trigger deletes the events of forgotten tasks.
 */
const tables = [
  `create table intents (
    seq bigint generated always as identity primary key,
    id text not null unique,
    account text not null,
    idempotency_key text not null,
    state text not null,
    attempts bigint not null default 0,
    created_at bigint not null,
    settled_at bigint,
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
    can_replay smallint not null default 0,
    unique (account, idempotency_key)
  )`,
  "create index intents_unsettled on intents (seq) where state in ('pending', 'unknown')",
  "create index intents_submits on intents (created_at) where state <> 'rejected'",

  `create table tasks (
    seq bigint generated always as identity primary key,
    ref text not null unique,
    account text not null,
    status text not null,
    added_at bigint not null,
    since bigint not null,
    updated_at bigint not null,
    ended_at bigint,
    intent_seq bigint,
    due_at bigint,
    polls bigint not null default 0,
    not_found_since bigint,
    save_state text,
    save_due_at bigint,
    save_retry_at bigint,
    save_attempts bigint not null default 0,
    save_error text,
    poll_error text,
    trace_id text,
    model text,
    cost_amount float8,
    cost_unit text,
    failure_reason text,
    failure_message text,
    prompt text,
    snapshot text
  )`,
  "create index tasks_open on tasks (account, seq) where ended_at is null",
  "create index tasks_save on tasks (account, save_due_at) where save_state = 'due'",
  "create index tasks_ended on tasks (ended_at) where ended_at is not null",
  "create index tasks_intent on tasks (intent_seq) where intent_seq is not null",

  `create table events (
    seq bigint generated always as identity primary key,
    task_seq bigint,
    intent_seq bigint,
    kind text not null,
    n bigint not null,
    at bigint not null,
    body text,
    check ((task_seq is null) <> (intent_seq is null))
  )`,
  "create unique index events_task on events (task_seq, kind, n) where task_seq is not null",
  "create unique index events_intent on events (intent_seq, kind, n) where intent_seq is not null",

  `create table files (
    task_seq bigint not null references tasks (seq) on delete cascade,
    path text not null,
    kind text not null,
    role text not null,
    media_type text not null,
    bytes bigint not null,
    sha256 text not null,
    saved_at bigint not null,
    primary key (task_seq, path)
  )`,

  `create table accounts (
    account text primary key,
    epoch bigint not null,
    owner text,
    seen_at bigint,
    spent text not null default '{"agesMs":[],"pausedForMs":0}',
    spent_at bigint not null default 0,
    last_error text
  )`,

  `create table submits (
    seq bigint generated always as identity primary key,
    id text not null unique,
    account text not null,
    idempotency_key text not null,
    digest text not null,
    state text not null,
    request text,
    refs text not null default '[]',
    error text,
    created_at bigint not null,
    settled_at bigint,
    unique (account, idempotency_key)
  )`,
  "create index submits_queued on submits (account, seq) where state = 'queued'",

  `create table cancels (
    id text primary key,
    account text not null,
    ref text not null,
    created_at bigint not null,
    outcome text
  )`,
  "create index cancels_queued on cancels (account, created_at) where outcome is null",

  `create table endpoints (
    id text primary key,
    url text not null,
    events text not null,
    secrets text not null,
    is_enabled smallint not null,
    created_at bigint not null
  )`,

  `create table outbox (
    seq bigint generated always as identity primary key,
    event_seq bigint not null references events (seq) on delete cascade,
    endpoint_id text not null references endpoints (id) on delete cascade,
    account text not null,
    due_at bigint,
    attempts bigint not null default 0,
    is_leased smallint not null default 0,
    last_error text,
    unique (event_seq, endpoint_id)
  )`,
  "create index outbox_due on outbox (account, due_at) where due_at is not null",
  "create index outbox_endpoint on outbox (endpoint_id, due_at)"
]

/** Adds the deliveries of new events, as the trigger of SQLite does. */
const outbox = [
  `create function events_outbox() returns trigger language plpgsql as $$
  begin
    if not exists (select 1 from endpoints where is_enabled = 1) then return null; end if;
    insert into outbox (event_seq, endpoint_id, account, due_at)
    select added.seq, endpoints.id, tasks.account, added.at
    from added join tasks on tasks.seq = added.task_seq cross join endpoints
    where endpoints.is_enabled = 1
      and added.kind in ('task.added', 'task.submitted', 'task.status', 'task.all-saved', 'task.save-failed')
      and (endpoints.events = '[]' or endpoints.events::jsonb ? case
        when added.kind = 'task.submitted' then 'task.added'
        when added.kind = 'task.all-saved' then 'task.saved'
        when added.kind = 'task.status'
          and added.body::json ->> 'status' in ('succeeded', 'failed', 'canceled', 'expired') then 'task.ended'
        else added.kind
      end)
    order by added.seq;
    return null;
  end $$`,
  `create trigger events_outbox after insert on events referencing new table as added
    for each statement execute function events_outbox()`
]

/** Transactions that delete tasks or insert events exclude each other, so that no event is left. */
const forgottenEvents = [
  `create function tasks_forget() returns trigger language plpgsql as $$
  begin
    delete from events using forgotten where events.task_seq = forgotten.seq;
    return null;
  end $$`,
  `create trigger tasks_forget after delete on tasks referencing old table as forgotten
    for each statement execute function tasks_forget()`
]

/** The index needs the extension pg_trgm, which some servers do not have. Without it, a search reads all tasks. */
const search = [
  `create function gentask_search_text(ref text, model text, prompt text, failure_message text) returns text
    language sql immutable parallel safe
    return ref || E'\\n' || coalesce(model, '') || E'\\n' || coalesce(prompt, '') || E'\\n'
      || coalesce(failure_message, '')`,
  `do $$ begin
    if exists (select 1 from pg_extension where extname = 'pg_trgm') then
      create index tasks_search on tasks
        using gin (gentask_search_text(ref, model, prompt, failure_message) gin_trgm_ops);
    end if;
  end $$`
]

/**
 * Endpoints of single submits, as the migration of SQLite adds them. Each event looks up those of its submit in the index:
 * the plan may be made while the table is small, and is kept while it grows. Postgres would compile such a plan for each
 * batch, because a scan that is switched off has a high cost.
 */
const submitWebhooks = [
  "alter table endpoints add column submit_id text",
  "alter table endpoints add column lane text",
  "create index endpoints_submit on endpoints (submit_id)",
  `create or replace function events_outbox() returns trigger language plpgsql
    set enable_seqscan = off set jit = off as $$
  begin
    if not exists (select 1 from endpoints where is_enabled = 1) then return null; end if;
    insert into outbox (event_seq, endpoint_id, account, due_at)
    select event.seq, endpoint.id, event.account, event.at
    from (
      select added.seq, added.at, tasks.account, submits.id as submit_id, case
          when added.kind = 'task.submitted' then 'task.added'
          when added.kind = 'task.all-saved' then 'task.saved'
          when added.kind = 'task.status'
            and added.body::json ->> 'status' in ('succeeded', 'failed', 'canceled', 'expired') then 'task.ended'
          else added.kind
        end as type
      from added join tasks on tasks.seq = added.task_seq
        left join intents on intents.seq = tasks.intent_seq
        left join submits on submits.account = intents.account and submits.idempotency_key = intents.idempotency_key
      where added.kind in ('task.added', 'task.submitted', 'task.status', 'task.all-saved', 'task.save-failed')
    ) as event cross join lateral (
      select id, events from endpoints where submit_id is null and is_enabled = 1
      union all
      select id, events from endpoints where submit_id = event.submit_id and is_enabled = 1
    ) as endpoint
    where endpoint.events = '[]' or endpoint.events::jsonb ? event.type
    order by event.seq;
    return null;
  end $$`
]

/** The schema that contains all tables. */
export const postgresSchema = "gentask"

/** All migrations. The id of the first one is 1. */
export const postgresMigrations: ReadonlyArray<Migration> = [
  { name: "initial", sql: [...tables, ...outbox, ...forgottenEvents, ...search] },
  { name: "submit webhooks", sql: submitWebhooks }
]
