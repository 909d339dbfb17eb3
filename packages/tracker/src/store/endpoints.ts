import * as Effect from "effect/Effect"
import type { Database, Row } from "./Database.ts"
import { date, json, number, text, textOrNull } from "./rows.ts"
import { storableText } from "./storableText.ts"
import type { TrackerStoreService, WebhookEndpoint } from "./TrackerStore.ts"

/** Converts a row of the table of endpoints. */
export const endpointFromRow = (row: Row): WebhookEndpoint => ({
  id: text(row, "id"),
  url: text(row, "url"),
  events: json(row, "events") as WebhookEndpoint["events"],
  secrets: json(row, "secrets") as WebhookEndpoint["secrets"],
  isEnabled: number(row, "is_enabled") === 1,
  createdAt: date(row, "created_at"),
  lane: textOrNull(row, "lane") ?? undefined
})

type EndpointMethods = Pick<TrackerStoreService, "endpoint" | "endpoints" | "putEndpoint" | "deleteEndpoint">

/** The methods for webhook endpoints. */
export const endpointMethods = (db: Database): EndpointMethods => {
  const { sql } = db
  return {
    endpoints: db.read(
      Effect.map(sql<Row>`select * from endpoints where submit_id is null order by created_at, id`, (rows) =>
        rows.map(endpointFromRow)
      )
    ),

    endpoint: (id) =>
      db.read(
        Effect.map(sql<Row>`select * from endpoints where id = ${storableText(id)}`, ([row]) =>
          row === undefined ? undefined : endpointFromRow(row)
        )
      ),

    putEndpoint: ({ id, url, events, secrets, isEnabled, createdAt }) =>
      db.write(
        Effect.asVoid(sql`
          insert into endpoints (id, url, events, secrets, is_enabled, created_at)
          values (${id}, ${url}, ${JSON.stringify(events)}, ${JSON.stringify(secrets)}, ${isEnabled ? 1 : 0},
            ${createdAt.getTime()})
          on conflict (id) do update set url = excluded.url, events = excluded.events, secrets = excluded.secrets,
            is_enabled = excluded.is_enabled`)
      ),

    deleteEndpoint: (id) =>
      db.write(
        Effect.map(
          sql`delete from endpoints where id = ${storableText(id)} returning id`,
          (rows) => rows.length > 0
        )
      )
  }
}
