import { accepted, isInputFile, rejected, retryable } from "@gentask/core/provider"
import type { ModelTable, SubmitOperation } from "@gentask/core/provider"
import * as z from "zod"
import * as check from "./support/checkNames.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import type { OperationDefect } from "./support/OperationDefect.ts"
import {
  SubmitBody,
  decodeSubmitBody,
  decodeSubmitError,
  describeSubmit,
  models,
  submit
} from "./support/studio.ts"

type Submit = SubmitOperation<unknown, SubmitBody>

const brokenSubmit = (
  defect: string,
  members: Partial<Submit>,
  fails: OperationDefect["fails"],
  mayFail?: RegExp
): OperationDefect => ({ defect, operations: { submit: members }, fails, mayFail })

const withModel = (model: string, members: Partial<ModelTable[string]>): Partial<Submit> => ({
  models: { ...models, [model]: { ...(models[model] as ModelTable[string]), ...members } }
})

/** Submits that differ from the documented request of the recording. */
const documented = /^accepted\.json: the request equals/

testOperationDefects("the checks of inputs", [
  brokenSubmit(
    "a supported input that toInput ignores",
    withModel("comet-1", { supportedInputs: ["prompt", "images", "aspectRatio", "seed", "count"] }),
    { [check.effects]: /^toInput ignores count for the model comet-1, although supportedInputs has it\./ }
  ),
  brokenSubmit(
    "an input that is translated but not supported",
    withModel("comet-1", { supportedInputs: ["prompt", "images", "aspectRatio"] }),
    { [check.effects]: /^toInput uses seed for the model comet-1, but supportedInputs does not have it/ }
  ),
  brokenSubmit(
    "an unknown common input",
    withModel("comet-1", { supportedInputs: ["prompt", "images", "aspectRatio", "seed", "size" as "seed"] }),
    { [check.effects]: /^supportedInputs of the model comet-1 has "size", which is not a common input\./ }
  ),
  brokenSubmit(
    "a schema with another name for an input",
    withModel("comet-video", {
      input: z.strictObject({
        prompt: z.string(),
        first_frame: z.any().optional(),
        length: z.int().optional()
      })
    }),
    { [check.modelSchema]: /^The schema of the model comet-video rejects what toInput makes of duration/ },
    /^accepted-video\.json: the request can be built|^nothing$/
  ),
  brokenSubmit(
    "a model that accepts unknown members",
    withModel("comet-video", { input: z.looseObject({ prompt: z.string() }) as never }),
    { [check.modelSchema]: /^The schema of the model comet-video accepts unknown members/ }
  ),
  brokenSubmit(
    "a schema that throws",
    withModel("comet-video", {
      input: {
        "~standard": {
          version: 1,
          vendor: "test",
          validate: (value) => {
            if ("seconds" in (value as object)) return { value: value as Readonly<Record<string, unknown>> }
            throw new Error("not yet")
          }
        }
      }
    }),
    { [check.modelSchema]: /^The schema of the model comet-video throws \(not yet\)\./ }
  ),
  brokenSubmit(
    "a file that becomes text in toInput",
    {
      toInput: (input, model, settings) => ({
        ...submit.toInput(input, model, settings),
        ...(isInputFile(input.firstFrame) ? { first_frame: String(input.firstFrame) } : {})
      })
    },
    { [check.files]: /^toInput loses the file in firstFrame of the model comet-video\./ }
  ),
  brokenSubmit(
    "a file that is missing in the request",
    {
      request: (request) => {
        const { first_frame: frame, ...input } = request.input
        const isUpload = String(frame).startsWith("https://uploads.example.com/")
        return describeSubmit(isUpload ? { ...request, input } : request)
      }
    },
    { [check.files]: /^submit\.request loses the file in firstFrame of the model comet-video\./ }
  )
])

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

const idOf = (body: SubmitBody): string | null | undefined => body.job?.id

testOperationDefects("the checks of submit responses", [
  brokenSubmit(
    "a task id in another member",
    {
      response: SubmitBody.extend({ request_id: z.string().nullish() }),
      decode: (body, head) => {
        const { request_id: other } = body as { readonly request_id?: string | null }
        return idOf(body) == null && other != null
          ? accepted({ id: other, params: { region: "north" } })
          : decodeSubmitBody(body, head)
      }
    },
    { [check.otherEffect("accepted")]: /it has the id or reference "req-1", which/ }
  ),
  brokenSubmit(
    "a rejection of a success without an id",
    {
      decode: (body, head) =>
        idOf(body) == null && String(body.code) === "0"
          ? rejected({ _tag: "InvalidRequest" })
          : decodeSubmitBody(body, head)
    },
    {
      [check.otherEffect("accepted")]:
        /it is Rejected, but the vendor may have created the task\. Return unknownOutcome\.$/,
      [check.otherEffect("accepted-video")]: /it is Rejected/
    }
  ),
  brokenSubmit(
    "a rejection by an empty object",
    {
      decode: (body, head) =>
        body.code == null && body.job == null && body.message == null
          ? rejected({ _tag: "InvalidRequest" })
          : decodeSubmitBody(body, head)
    },
    Object.fromEntries(
      ["accepted", "accepted-video", "rejected", "limited-submit", "unknown-submit"].map((name) => [
        check.invalidShape(name),
        /^HTTP 200 with the body \{\} decodes to Rejected for submit\. Return unknownOutcome/
      ])
    )
  ),
  brokenSubmit(
    "a decode that throws",
    {
      decode: (body, head) => {
        if (body.job === undefined && body.code === undefined) throw new Error("what?")
        return decodeSubmitBody(body, head)
      }
    },
    Object.fromEntries(
      ["accepted", "accepted-video", "rejected", "limited-submit", "unknown-submit"].map((name) => [
        check.invalidShape(name),
        /^submit\.decode throws on HTTP 200 with the body \{\}: what\?/
      ])
    ),
    /^rejected\.json: a missing or mistyped/
  ),
  brokenSubmit(
    "a server error as a rejection",
    {
      decodeError: (body, head) =>
        String(body.code) === "4001"
          ? rejected({ _tag: "InvalidRequest", code: "4001", message: body.message })
          : decodeSubmitError(body, head)
    },
    { [check.serverError("rejected")]: /^The response decodes to Rejected even with HTTP 500/ }
  ),
  brokenSubmit(
    "an undocumented error that is sent again",
    {
      decodeError: (body, head) =>
        decodeSubmitError(body, head) ??
        (head.status === 425 ? retryable({ _tag: "Unavailable" }) : undefined)
    },
    { [check.retries]: /^HTTP 425 with \{\} is sent again\. Return retryable only if the vendor documents/ }
  ),
  brokenSubmit(
    "a task id that counts with some statuses only",
    {
      decode: (body, head) =>
        head.status === 409
          ? { _tag: "UnknownOutcome", reason: { _tag: "Unavailable" } }
          : decodeSubmitBody(body, head)
    },
    {
      [check.anyStatus("accepted")]: /^The response is not accepted with HTTP 409, although it has a task id/,
      [check.anyStatus("accepted-video")]: /^The response is not accepted with HTTP 409/
    }
  ),
  {
    defect: "a task that cannot be queried",
    operations: {
      submit: {
        decode: (body: SubmitBody, head) =>
          idOf(body) === "job-8"
            ? accepted({ id: "job-8", params: { zone: "north" } }, { rawStatus: "working" })
            : decodeSubmitBody(body, head)
      }
    },
    files: (files) => {
      files["accepted-video"].means.accepted = ["orbit:job-8?zone=north"]
    },
    fails: {
      [check.queryable("accepted-video")]:
        /^The accepted task orbit:job-8\?zone=north cannot be queried: .*zone/
    }
  },
  brokenSubmit(
    "a decode that reads the clock",
    {
      decode: (body, head) => {
        const outcome = decodeSubmitBody(body, head)
        return outcome._tag === "Accepted" && idOf(body) === "job-8"
          ? { ...outcome, draft: { ...outcome.draft, progress: Math.max(0, 0 * Date.now()) } }
          : outcome
      }
    },
    { [check.pureOperation("submit")("accepted-video")]: /^submit\.decode reads the clock \(Date\.now\)\./ },
    /^accepted-video\.json: the response decodes|missing or mistyped/
  )
])
