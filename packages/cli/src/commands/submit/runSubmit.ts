import * as Effect from "effect/Effect"
import { requiredLedger } from "../../ledger/requiredLedger.ts"
import { Screen } from "../../output/Screen.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { confirmRequests, loadSubmits, printPreviews } from "../../submit/loadSubmits.ts"
import { SubmitReporter } from "../../submit/SubmitReporter.ts"
import { submitConcurrency, submitRequest } from "../../submit/submitRequest.ts"
import { tasksLayer } from "../../tasks/tasksLayer.ts"
import { transportLayer } from "../../tasks/transportLayer.ts"
import type { Handler } from "../lazyHandler.ts"
import type { SubmitFlags } from "../submitFlags.ts"

/** Submits tasks, and prints their refs. */
export const runSubmit: Handler<SubmitFlags> = (flags) =>
  Effect.gen(function* () {
    const submits = yield* loadSubmits(flags, "submit")
    const reporter = new SubmitReporter(new Screen(), { json: flags.json, printsRefs: true })
    const { requests, accounts, configuration } = submits
    for (const { warning } of requests) if (warning !== undefined) reporter.warn(warning)
    if (flags.dryRun) {
      yield* printPreviews(submits, flags.json)
      return exitStatus.success
    }
    const ledger = yield* requiredLedger("A submit must be recorded, so nothing was sent.")
    yield* confirmRequests(submits, flags, ledger)
    const layer = tasksLayer({
      accounts: accounts.accounts,
      configuration,
      transport: yield* transportLayer,
      ledger
    })
    yield* Effect.forEach(requests, (request) => submitRequest(request, reporter), {
      concurrency: submitConcurrency,
      discard: true
    }).pipe(Effect.provide(layer((message) => reporter.warn(message))))
    return reporter.status
  }).pipe(Effect.scoped)
