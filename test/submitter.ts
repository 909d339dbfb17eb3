/**
 * Submits in a separate process, and prints a line of JSON for each event: `node submitter.ts OPTIONS`. OPTIONS is
 * JSON: the address of an emulator, the path of a ledger, the requests, and optionally the step to stop at.
 */
import { writeSync } from "node:fs"
import { createGentask } from "@gentask/core"
import type { Ledger, SubmitInput } from "@gentask/core"
import { openLedger } from "@gentask/ledger"
import { submitAccounts } from "./submitSystems.ts"
import type { EmulatorAddress } from "./TestVendor.ts"

/** Where a process stops until it is killed. */
export type Step = "validate" | "begin" | "begun" | "settle" | "settled"

/** What a submitter does. */
export interface SubmitterOptions extends EmulatorAddress {
  readonly path: string
  readonly requests: ReadonlyArray<SubmitInput>
  readonly stopAt?: Step
}

const options = JSON.parse(process.argv[2] ?? "") as SubmitterOptions

// Synchronous, so that a line is written before the process can be killed.
const print = (event: object): void => void writeSync(1, `${JSON.stringify(event)}\n`)

const stop = async (step: Step): Promise<void> => {
  if (options.stopAt !== step) return
  print({ stopped: step })
  await new Promise(() => setInterval(() => undefined, 60_000))
}

const file = await openLedger({ path: options.path })
const ledger: Ledger = {
  ...file,
  begin: async (intent) => {
    await stop("begin")
    const begun = await file.begin(intent)
    await stop("begun")
    return begun
  },
  settle: async (id, outcome) => {
    await stop("settle")
    await file.settle(id, outcome)
    await stop("settled")
  }
}
const gentask = createGentask({ providers: submitAccounts(options), ledger })

/** An image that is never complete, so that the request is not valid yet. */
async function* endless(): AsyncGenerator<Uint8Array> {
  await stop("validate")
  yield new Uint8Array(1)
}

const image = { stream: endless(), size: 1, mediaType: "image/png" }

const submit = async (request: SubmitInput): Promise<void> => {
  try {
    const { ref, isReplay, idempotencyKey } = await gentask.submit(
      options.stopAt === "validate" ? { ...request, images: [image] } : request
    )
    print({ submitted: { ref, isReplay, key: idempotencyKey } })
  } catch (error) {
    print({ failed: (error as { readonly _tag?: string })._tag, key: request.idempotencyKey })
  }
}

print({ started: process.pid })
// At most eight at a time, as a careful program would.
const queue = [...options.requests]
const worker = async (): Promise<void> => {
  for (let request = queue.shift(); request !== undefined; request = queue.shift()) await submit(request)
}
await Promise.all(Array.from({ length: 8 }, worker))
await gentask.close()
await file.close()
