import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { eventsHint, hintChannel } from "./Database.ts"
import type { Database, Row } from "./Database.ts"
import { number, text } from "./rows.ts"

/** How often a SQLite file is checked for changes by other connections. */
const pollInterval = "200 millis"

/** Hints that a slow subscriber has not read. Older ones are dropped. */
export const maxPendingHints = 1024

const reconnectInterval = "1 second"

/** Publishes the notifications of Postgres, also after its connection was lost. */
export const listenOnPostgres = (
  client: PgClient.PgClient,
  hints: PubSub.PubSub<string>
): Effect.Effect<void, never, Scope.Scope> => {
  const listen = Effect.gen(function* () {
    const queue = yield* client.listen(hintChannel)
    // What was sent before the connection was established is unknown.
    yield* PubSub.publish(hints, eventsHint)
    return yield* Effect.forever(
      Effect.flatMap(Queue.take(queue), ({ payload }) => PubSub.publish(hints, payload))
    )
  })
  return listen.pipe(
    Effect.scoped,
    Effect.retry(Schedule.spaced(reconnectInterval)),
    Effect.ignore,
    Effect.forkScoped,
    Effect.asVoid
  )
}

interface SeenRows {
  readonly version: number
  readonly taskSeq: number
  readonly submitSeq: number
}

/** Publishes what other connections have changed in a SQLite file, such as commands that submit tasks. */
export const watchSqlite = (db: Database): Effect.Effect<void, SqlError, Scope.Scope> => {
  const { sql } = db
  const dataVersion = Effect.map(sql<Row>`pragma data_version`, ([row = {}]) => number(row, "data_version"))
  const lastRows = (version: number) =>
    Effect.map(
      sql<Row>`
        select (select coalesce(max(seq), 0) from tasks) as tasks, (select coalesce(max(seq), 0) from submits) as submits`,
      ([row = {}]): SeenRows => ({
        version,
        taskSeq: number(row, "tasks"),
        submitSeq: number(row, "submits")
      })
    )

  const check = Effect.fnUntraced(function* (seen: SeenRows) {
    const version = yield* dataVersion
    if (version === seen.version) return seen
    const accounts = yield* sql<Row>`
      select account from tasks where seq > ${seen.taskSeq}
      union select account from submits where seq > ${seen.submitSeq}`
    const next = yield* lastRows(version)
    yield* PubSub.publishAll(db.hints, [...accounts.map((row) => text(row, "account")), eventsHint])
    return next
  })

  return Effect.gen(function* () {
    let seen = yield* Effect.flatMap(dataVersion, lastRows)
    yield* Effect.suspend(() => check(seen)).pipe(
      Effect.tap((next) =>
        Effect.sync(() => {
          seen = next
        })
      ),
      // The next check finds what this one has not.
      Effect.ignore,
      Effect.repeat(Schedule.spaced(pollInterval)),
      Effect.forkScoped
    )
  }).pipe(Effect.asVoid)
}
