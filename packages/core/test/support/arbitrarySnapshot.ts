/** Arbitrary snapshots and saved files for property tests. */
import fc from "fast-check"
import type { Output, SavedFile, TaskSnapshot, TaskStatus, TerminalSnapshot } from "@gentask/core"
import type { Failure } from "../../src/task/Failure.ts"

/** Any text, lone surrogates included. */
export const text = fc.string({ unit: "binary" })

/** Any value of the arbitrary, or null. */
export const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

/** Any finite number in the range, but not negative zero, which JSON cannot express. */
export const number = (range: { readonly min?: number; readonly max?: number } = {}) =>
  fc.double({ noNaN: true, noDefaultInfinity: true, ...range }).map((value) => value + 0)

/** Any plain object with these members. */
export const record = <Fields>(fields: {
  readonly [Name in keyof Fields]: fc.Arbitrary<Fields[Name]>
}): fc.Arbitrary<Fields> => fc.record<Fields>(fields, { noNullPrototype: true })

/** Any kind of output. */
export const kind = fc.constantFrom("image", "video", "animation", "audio", "model")

/** Any role of an output. */
export const role = fc.constantFrom("result", "thumbnail", "preview", "watermarked")

const terminalStatus = fc.constantFrom("succeeded", "failed", "canceled", "expired")

/** Any status of a task. */
export const status: fc.Arbitrary<TaskStatus> = fc.oneof(
  terminalStatus,
  fc.constantFrom("queued", "running", "unknown")
)

const instant = nullable(fc.date({ noInvalidDate: true }))

const output: fc.Arbitrary<Output> = record({
  kind,
  role,
  url: nullable(fc.webUrl()),
  inline: nullable(record({ base64: fc.base64String(), bytes: fc.maxSafeNat() })),
  mediaType: nullable(text),
  width: nullable(number({ min: 1 })),
  height: nullable(number({ min: 1 })),
  expiresAt: instant
})

/** Any failure. */
export const failure: fc.Arbitrary<Failure> = record({
  reason: fc.constantFrom(
    "moderation",
    "invalid-input",
    "quota",
    "timeout",
    "canceled",
    "upstream",
    "unknown"
  ),
  code: nullable(text),
  message: nullable(text),
  requestId: nullable(text),
  canResubmit: nullable(fc.boolean())
})

const fields = {
  ref: text,
  provider: text,
  account: text,
  id: text,
  rawStatus: nullable(text),
  progress: nullable(number({ min: 0, max: 1 })),
  model: nullable(text),
  prompt: nullable(text),
  createdAt: instant,
  updatedAt: instant,
  completedAt: instant,
  outputs: fc.array(output, { maxLength: 3 }),
  failure: nullable(failure),
  queuePosition: nullable(fc.maxSafeNat()),
  cost: nullable(record({ amount: number({}), unit: text })),
  warnings: fc.array(text, { maxLength: 3 })
}

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown)

const withRaw = <Snapshot>(snapshot: fc.Arbitrary<Snapshot>): fc.Arbitrary<Snapshot> =>
  fc.oneof(
    snapshot,
    fc.tuple(snapshot, json).map(([rest, raw]) => ({ ...rest, raw }))
  )

/** Any snapshot, with or without a raw response. */
export const snapshot: fc.Arbitrary<TaskSnapshot> = withRaw(record({ ...fields, status }))

/** Any snapshot of a task that has ended. */
export const terminalSnapshot: fc.Arbitrary<TerminalSnapshot> = withRaw(
  record({ ...fields, status: terminalStatus })
)

/** Any saved file. */
export const savedFile: fc.Arbitrary<SavedFile> = record({
  path: text,
  bytes: fc.maxSafeNat(),
  sha256: text,
  mediaType: text,
  output,
  alreadySaved: fc.boolean()
})
