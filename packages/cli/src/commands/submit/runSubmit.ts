import * as Effect from "effect/Effect"
import { Screen } from "../../output/Screen.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { onOutputFailure } from "../../process/standardStreams.ts"
import { loadSubmits, printPreviews } from "../../submit/loadSubmits.ts"
import { openSubmits } from "../../submit/openSubmits.ts"
import type { PreparedRequest } from "../../submit/prepareRequests.ts"
import { SubmitReporter } from "../../submit/SubmitReporter.ts"
import { submitConcurrency, submitRequest } from "../../submit/submitRequest.ts"
import { findTracker } from "../../tracker/findTracker.ts"
import type { Handler } from "../lazyHandler.ts"
import type { SubmitFlags } from "../submitFlags.ts"

/** Submits tasks, and prints their refs. */
export const runSubmit: Handler<SubmitFlags> = (flags) =>
  Effect.gen(function* () {
    const tracker = yield* findTracker({ server: flags.server, usesLocal: true })
    const submits = yield* loadSubmits(flags, "submit", tracker)
    const reporter = new SubmitReporter(new Screen(), { json: flags.json, printsRefs: true })
    const { requests } = submits
    for (const { warning } of requests) if (warning !== undefined) reporter.warn(warning)
    if (flags.dryRun) {
      yield* printPreviews(submits, flags.json)
      return exitStatus.success
    }
    const layer = yield* openSubmits(submits, flags, tracker)
    let closedStatus: number | undefined
    let unsent = 0
    onOutputFailure((status) => (closedStatus = status))
    // A batch whose refs cannot be printed creates no further tasks.
    const submitOne = (request: PreparedRequest) =>
      Effect.suspend(() => {
        if (closedStatus === undefined) return submitRequest(request, reporter)
        unsent += 1
        return Effect.succeed([])
      })
    yield* Effect.forEach(requests, submitOne, { concurrency: submitConcurrency, discard: true }).pipe(
      Effect.provide(layer((message) => reporter.warn(message)))
    )
    if (closedStatus === undefined || unsent === 0) return reporter.status
    reporter.warn(
      `The standard output was closed, and ${unsent} of ${requests.length} requests were not sent. Run the same command again to submit them`
    )
    return Math.max(reporter.status, closedStatus)
  }).pipe(Effect.scoped)
