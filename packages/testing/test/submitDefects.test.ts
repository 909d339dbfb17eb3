import * as check from "./support/checkNames.ts"
import { brokenSubmit } from "./support/brokenSubmit.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import { describeSubmit, submit } from "./support/studio.ts"

/** Submits that differ from the documented request of the recording. */
const documented = /^accepted\.json: the request equals/

let lastKey = ""
let keys = 0

testOperationDefects("the checks of submit requests", [
  brokenSubmit(
    "another request than the documented one",
    { request: (request) => ({ ...describeSubmit(request), headers: { accept: "*/*" } }) },
    { [check.request("accepted")]: /^The request differs from the documented one\. Correct submit\.request/ }
  ),
  brokenSubmit(
    "a common input that overrides the user's own",
    {
      request: (request) => {
        const described = describeSubmit(request)
        return {
          ...described,
          body: { ...described.body, ...("ratio" in request.input ? { ratio: "16:9" } : {}) }
        }
      }
    },
    {
      [check.overrides]:
        /^accepted\.json: submit\.request does not send the member ratio of its input as it is\./
    }
  ),
  brokenSubmit(
    "a list of known members",
    {
      request: (request) => {
        const { gentask_unknown_member: _unknown, ...input } = request.input
        return describeSubmit({ ...request, input })
      }
    },
    { [check.overrides]: /does not send the member gentask_unknown_member/ }
  ),
  brokenSubmit(
    "a model that is not encoded",
    { request: (request) => ({ ...describeSubmit(request), path: `/v1/models/${request.model}/jobs` }) },
    { [check.modelNames]: /^The model "comet-videoa\/b" changes the form of the request/ }
  ),
  brokenSubmit(
    "a crash on an unknown model",
    {
      toInput: (input, model, settings) => {
        if (model === "constructor") return (undefined as unknown as { a: { b: never } }).a.b
        return submit.toInput(input, model, settings)
      }
    },
    { [check.modelNames]: /^The submit crashes on the model "constructor" \(Cannot read properties/ }
  ),
  brokenSubmit(
    "a webhook that is ignored",
    { request: ({ webhook: _webhook, ...request }) => describeSubmit(request) },
    { [check.webhookUrl]: /^accepted-video\.json: submit\.request ignores the webhook\./ },
    documented
  ),
  brokenSubmit(
    "a secret in the URL",
    {
      request: (request) => ({
        ...describeSubmit(request),
        ...(request.webhook?.secret === undefined ? {} : { query: { secret: request.webhook.secret } })
      })
    },
    { [check.webhookUrl]: /submit\.request sends the webhook's secret in the URL\./ }
  ),
  brokenSubmit(
    "a limit of half a request",
    { rateLimits: () => [{ requests: 0.5, windowMs: 1000 }] },
    { [check.submitLimits]: /^submit\.rateLimits returns 0\.5 requests in 1000 ms\./ }
  ),
  brokenSubmit(
    "a limit of no task",
    { maxActiveTasks: () => 0 },
    { [check.submitLimits]: /^submit\.maxActiveTasks returns 0\./ }
  ),
  brokenSubmit(
    "a request that depends on earlier ones",
    {
      request: (request) => {
        if (request.idempotencyKey !== lastKey) keys += 1
        lastKey = request.idempotencyKey
        return { ...describeSubmit(request), headers: { "x-count": String(keys) } }
      }
    },
    {
      [check.sameRequest]: /^submit\.request describes another request when the same submit is sent again\./
    },
    documented
  ),
  brokenSubmit(
    "an idempotency key that is not described",
    {
      idempotency: undefined,
      request: (request) => ({
        ...describeSubmit(request),
        headers: { "idempotency-key": request.idempotencyKey }
      })
    },
    {
      [check.idempotencyKey]:
        /the request has the idempotency key, but submit\.idempotency does not describe it/
    }
  ),
  brokenSubmit(
    "an idempotency key that is not sent",
    { idempotency: () => ({ kind: "replay", docs: "https://docs.orbit.example" }) },
    { [check.idempotencyKey]: /submit\.idempotency has no header, and the request does not contain the key/ },
    documented
  ),
  brokenSubmit(
    "an idempotency key that is sent twice",
    {
      request: (request) => ({
        ...describeSubmit(request),
        headers: { "Idempotency-Key": request.idempotencyKey }
      })
    },
    { [check.idempotencyKey]: /^submit\.request sends the header idempotency-key, which core adds\./ },
    documented
  ),
  brokenSubmit(
    "an idempotency header in upper case",
    {
      idempotency: () => ({
        header: "Idempotency-Key",
        kind: "replay",
        docs: "https://docs.orbit.example"
      })
    },
    {
      [check.idempotencyKey]:
        /^submit\.idempotency has the header "Idempotency-Key"\. Write it in lower case\./
    }
  ),
  brokenSubmit(
    "an idempotency key without documentation",
    { idempotency: () => ({ header: "idempotency-key", kind: "replay", docs: "yes" }) },
    { [check.idempotencyKey]: /^submit\.idempotency has the docs "yes", which is not an https URL\./ }
  )
])
