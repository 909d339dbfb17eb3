/** Submits to the fictional vendor, for tests of what disturbs a submit. */
import * as Effect from "effect/Effect"
import { memoryLedger } from "@gentask/core"
import type { Ledger, SubmitInput } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { tasksOver, working } from "./acme.ts"
import { submitAccount, submitTransport } from "./submitVendor.ts"
import type { SubmitResponse } from "./submitVendor.ts"

/** A request with an idempotency key. */
export const request: SubmitInput = {
  account: "acme",
  model: "acme-1",
  prompt: "A fox",
  idempotencyKey: "order-7"
}
const created: SubmitResponse = { body: { id: "1" } }

interface Options {
  readonly ledger: Ledger
  readonly responses?: ReadonlyArray<SubmitResponse>
  readonly signal?: AbortSignal
  readonly input?: Partial<SubmitInput>
  readonly provide?: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** Submits, and returns the result or the error, and the requests. */
export const submit = async ({ ledger, responses = [created], signal, input, provide }: Options) => {
  const { layer, requests } = submitTransport({
    "/submit": responses,
    "/upload": [{ body: { url: "https://files.acme.example/1.png" } }],
    "/tasks/1": [{ body: working }]
  })
  const program = Tasks.use((tasks) =>
    Effect.result(tasks.submit({ ...request, ...input }, { signal }))
  ).pipe(Effect.provide(tasksOver(layer, { providers: [submitAccount()], ledger })))
  const result = await Effect.runPromise(provide === undefined ? program : provide(program))
  return { result: result._tag === "Success" ? result.success : result.failure, requests }
}

/** A ledger in memory, with other operations. */
export const ledgerWith = (operations: (ledger: Ledger) => Partial<Ledger>): Ledger => {
  const ledger = memoryLedger()
  return { ...ledger, ...operations(ledger) }
}
