import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { expect, it } from "vitest"
import { ClientClosed } from "@gentask/core"
import {
  GentaskErrorFromJson,
  SavedFileFromJson,
  TaskSnapshotFromJson,
  encodeSnapshot
} from "@gentask/core/schema"
import { makeOutput, makeSnapshot } from "../support/snapshot.ts"

const Job = Schema.Struct({
  user: Schema.String,
  task: TaskSnapshotFromJson,
  files: Schema.Array(SavedFileFromJson),
  error: Schema.NullOr(GentaskErrorFromJson)
})

it("composes the codecs with other schemas", async () => {
  const job = {
    user: "u1",
    task: makeSnapshot({ completedAt: new Date("2025-10-06T15:13:51Z") }),
    files: [
      {
        path: "out/a.png",
        bytes: 1,
        sha256: "0a",
        mediaType: "image/png",
        output: makeOutput(),
        alreadySaved: false
      }
    ],
    error: new ClientClosed()
  }
  const json = await Effect.runPromise(Schema.encodeEffect(Job)(job))
  expect(json.task).toEqual(encodeSnapshot(job.task))
  expect(await Effect.runPromise(Schema.decodeUnknownEffect(Job)(JSON.parse(JSON.stringify(json))))).toEqual(
    job
  )
})
