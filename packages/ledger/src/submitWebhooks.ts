/**
 * Webhooks of single submits: endpoints that receive the events of the tasks of one submit only. The outbox trigger finds
 * them by the intent of the task, which has the account and the idempotency key of the submit.
 */
export const submitWebhooks = `
alter table endpoints add column submit_id text;
alter table endpoints add column lane text;
create index endpoints_submit on endpoints (submit_id);
drop trigger events_outbox;
create trigger events_outbox after insert on events
when exists (select 1 from endpoints) and new.kind in ('task.added', 'task.submitted', 'task.status', 'task.all-saved', 'task.save-failed')
begin
  insert into outbox (event_seq, endpoint_id, account, due_at)
  select new.seq, endpoints.id, tasks.account, new.at
  from tasks
    left join intents on intents.seq = tasks.intent_seq
    left join submits on submits.account = intents.account and submits.idempotency_key = intents.idempotency_key
    join endpoints on endpoints.submit_id is null or endpoints.submit_id = submits.id
  where tasks.seq = new.task_seq and endpoints.is_enabled = 1 and (endpoints.events = '[]' or exists (
    select 1 from json_each(endpoints.events) where value = case new.kind
      when 'task.submitted' then 'task.added'
      when 'task.all-saved' then 'task.saved'
      when 'task.status' then iif(new.body ->> 'status' in ('succeeded', 'failed', 'canceled', 'expired'), 'task.ended', 'task.status')
      else new.kind
    end
  ));
end;
`
