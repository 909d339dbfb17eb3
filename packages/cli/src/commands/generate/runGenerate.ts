import { Tasks } from "@gentask/core/effect"
import type { ConfigurationError } from "@gentask/core"
import * as Effect from "effect/Effect"
import { parseDurationOrSeconds } from "../../duration.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { loadSubmits, printPreviews } from "../../submit/loadSubmits.ts"
import { openSubmits } from "../../submit/openSubmits.ts"
import type { PreparedRequest } from "../../submit/prepareRequests.ts"
import { SubmitReporter } from "../../submit/SubmitReporter.ts"
import { submitRequest } from "../../submit/submitRequest.ts"
import { TaskSession } from "../../tasks/TaskSession.ts"
import { savePlaceOf } from "../../targets/savePlaceOf.ts"
import { waitForTasks } from "../../tasks/waitForTasks.ts"
import { findTracker } from "../../tracker/findTracker.ts"
import type { Handler } from "../lazyHandler.ts"
import type { SubmitFlags } from "../submitFlags.ts"
import { resumeCommand } from "../wait/WaitInput.ts"

export interface GenerateInput extends SubmitFlags {
  readonly out: string | undefined
  readonly to: string | undefined
  readonly timeout: string | undefined
  readonly interval: string | undefined
  readonly all: boolean
  readonly overwrite: boolean
  readonly raw: boolean
}

/** How many requests of a batch are submitted, waited for and saved at the same time. */
const concurrency = 16

/** Submits tasks, waits for them and saves their outputs. */
export const runGenerate: Handler<GenerateInput> = (input) =>
  Effect.gen(function* () {
    const tracker = yield* findTracker({ server: input.server, usesLocal: true, raw: input.raw })
    const submits = yield* loadSubmits(input, "generate", tracker)
    const { requests, configuration } = submits
    if (input.dryRun) {
      yield* printPreviews(submits, input.json)
      return exitStatus.success
    }
    const given = yield* savePlaceOf({ dir: input.out, to: input.to }, "--out", configuration)
    const dir = input.out ?? configuration.out ?? "."
    const place = given ?? { dir }
    const layer = yield* openSubmits(submits, input, tracker)
    const { timeout, interval, all, overwrite, raw } = input
    const json = input.json || raw
    const resume = resumeCommand({
      refs: [],
      json,
      raw,
      timeout,
      interval,
      save: input.to === undefined ? dir : undefined,
      to: input.to,
      all,
      overwrite,
      noLedger: false,
      server: input.server
    })
    const session = new TaskSession(
      { entries: [], configuration, layer },
      { json, savesFiles: true, resumeCommand: resume }
    )
    const reporter = new SubmitReporter(session.screen, { json, printsRefs: false })
    for (const { warning } of requests) if (warning !== undefined) reporter.warn(warning)
    const timedOut: Array<string> = []

    const generate = (request: PreparedRequest): Effect.Effect<void, ConfigurationError, Tasks> =>
      Effect.gen(function* () {
        const refs = yield* submitRequest(request, reporter)
        if (refs.length === 0) return
        session.add(refs)
        const running = yield* waitForTasks(session, refs, {
          timeout: parseDurationOrSeconds(timeout ?? configuration.timeout ?? ""),
          raw,
          save: { place, all, overwrite }
        })
        timedOut.push(...running)
      })

    yield* session.run(Effect.forEach(requests, generate, { concurrency, discard: true }))
    if (timedOut.length > 0) session.printResumeCommand(resume(timedOut))
    return Math.max(session.reporter.status, reporter.status)
  }).pipe(Effect.scoped)
