import type { RequestSpec } from "@gentask/core/provider"
import { broken } from "./support/brokenOperation.ts"
import * as check from "./support/checkNames.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import { balance, submit, verifyWith } from "./support/studio.ts"
import type { Listed } from "./support/studio.ts"

const cancelPath = (path: (id: string) => string) => ({
  request: ({ id }: { readonly id: string }): RequestSpec => ({ method: "DELETE", path: path(id) })
})

testOperationDefects("the checks of cancels", [
  broken(
    "cancel",
    "an id that is not encoded",
    cancelPath((id) => `/v1/jobs/${id}`),
    {
      [check.canceledIds]: /^The id "a\/b" changes the form of the request/
    }
  ),
  broken(
    "cancel",
    "an id that is converted to lowercase",
    cancelPath((id) => `/v1/jobs/${encodeURIComponent(id.toLowerCase())}`),
    { [check.distinctCancels]: /^The ids "ab" and "AB" build the same request/ }
  ),
  broken(
    "cancel",
    "an empty response as a canceled task",
    {
      decode: (body: { job?: { state?: string } | null }) =>
        body.job?.state === "done"
          ? { _tag: "TooLate", message: "it has ended" }
          : body.job === undefined || body.job?.state === "stopped"
            ? { _tag: "Canceled" }
            : { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "" } }
    },
    {
      [check.invalidShape("canceled")]: /^HTTP 200 with the body \{\} decodes to Canceled for cancel/,
      [check.invalidShape("too-late")]: /^HTTP 200 with the body \{\} decodes to Canceled for cancel/,
      [check.otherEffect("too-late")]: /it is Canceled, but the recorded response is TooLate/
    }
  ),
  broken(
    "cancel",
    "a server error as a canceled task",
    {
      decodeError: (body: { job?: { state?: string } | null }) =>
        body.job?.state === "stopped" ? { _tag: "Canceled" } : undefined
    },
    { [check.serverError("canceled")]: /^The response decodes to Canceled even with HTTP 500/ }
  ),
  broken(
    "cancel",
    "a request that uses random numbers",
    {
      request: ({ id }) => ({
        method: "DELETE",
        path: `/v1/jobs/${encodeURIComponent(id)}`,
        ...(id === "job-7" ? { headers: { accept: `*/*;q=${Math.random() > 2}` } } : {})
      })
    },
    {
      [check.pureOperation("cancel")("canceled")]: /^cancel\.request uses random numbers \(Math\.random\)\./,
      [check.pureOperation("cancel")("too-late")]: /^cancel\.request uses random numbers/
    },
    /encoded or rejected|decodes to the expected|equals the documented|shape|mistyped/
  )
])

testOperationDefects("the checks of balances and lists", [
  broken(
    "balance",
    "an unknown amount as 0",
    {
      decode: ({ credits, used }: { credits?: number | null; used?: number | null }) =>
        credits == null
          ? { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "credits" } }
          : {
              _tag: "Balance",
              available: { amount: credits, unit: "credits" },
              used: { amount: Number(used), unit: "credits" }
            }
    },
    { [check.otherEffect("balance")]: /member used is missing is wrong: it reports the amount (NaN|0)\./ }
  ),
  broken(
    "balance",
    "an empty object as an empty account",
    {
      decode: ({ credits, used }: { credits?: number | null; used?: number | null }) =>
        credits == null && used != null
          ? { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "credits" } }
          : {
              _tag: "Balance",
              available: credits == null ? null : { amount: credits, unit: "credits" },
              used: used == null ? null : { amount: used, unit: "credits" }
            }
    },
    {
      [check.invalidShape("balance")]:
        /^HTTP 200 with the body \{\} decodes to Balance for balance\. Return an error/
    }
  ),
  broken(
    "recover",
    "a complete list without an entry that cannot be read",
    {
      decode: ({ jobs, has_more: hasMore }: Listed) => ({
        _tag: "Tasks",
        tasks: jobs.flatMap(({ id, model, prompt, created_at: createdAt }) =>
          id ? [{ id, params: { region: "north" }, model, prompt, createdAt }] : []
        ),
        isComplete: hasMore === false
      })
    },
    { [check.otherEffect("listed")]: /it is a complete list without a task of the recorded one/ }
  ),
  broken(
    "recover",
    "an authorize that reads the clock",
    {
      authorize: (_request, { apiKey }) => ({ "x-orbit-console": apiKey, "x-date": String(Date.now() * 0) })
    },
    { [check.pureOperation("recover")("listed")]: /^recover\.authorize reads the clock \(Date\.now\)\./ }
  )
])

testOperationDefects("the checks of purity", [
  {
    defect: "a toInput that changes its input",
    operations: {
      submit: {
        toInput: (input, model, settings) => {
          if (model === "comet-video" && input.duration !== undefined)
            (input as { prompt?: string }).prompt += "!"
          return submit.toInput(input, model, settings)
        }
      }
    },
    fails: {
      [check.pureOperation("submit")("accepted-video")]:
        /^submit\.toInput changes its arguments \(Cannot assign/
    },
    mayFail: /^accepted-video\.json/
  },
  broken(
    "webhook",
    "a verify that reads the clock",
    {
      verify: (request, credentials) =>
        verifyWith({})(request, credentials) && Date.now() > request.receivedAt.getTime()
    },
    { [check.pureOperation("webhook")("notified")]: /^webhook\.verify reads the clock \(Date\.now\)\./ }
  ),
  broken(
    "balance",
    "a decode that uses the network",
    {
      decode: (...args) => {
        fetch("http://127.0.0.1:9").catch(() => undefined)
        return balance.decode(...args)
      }
    },
    { [check.pureOperation("balance")("balance")]: /^balance\.decode uses the network \(fetch\)\./ },
    /^balance\.json/
  )
])
