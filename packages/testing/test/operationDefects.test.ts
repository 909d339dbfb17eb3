import type { ProviderSpec, RequestSpec } from "@gentask/core/provider"
import * as check from "./support/checkNames.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import type { OperationDefect } from "./support/OperationDefect.ts"
import { request as queryRequest } from "./support/orbit.ts"
import { models, studio, submit, upload, verifyWith } from "./support/studio.ts"
import type { Listed } from "./support/studio.ts"

type Names = "cancel" | "upload" | "balance" | "recover" | "webhook"

const broken = <Name extends Names>(
  operation: Name,
  defect: string,
  members: Partial<NonNullable<ProviderSpec[Name]>>,
  fails: OperationDefect["fails"],
  mayFail?: RegExp
): OperationDefect => ({ defect, operations: { [operation]: members }, fails, mayFail })

const withHosts = (...hosts: ReadonlyArray<string>): Partial<ProviderSpec> => ({
  endpoints: { main: { baseUrl: "https://api.orbit.example", hosts: ["files.orbit.example", ...hosts] } }
})

testOperationDefects("the checks of hosts", [
  {
    defect: "all names below a shared suffix",
    spec: withHosts("*.s3.amazonaws.com"),
    fails: {
      [check.hosts]: /^hosts of endpoint main has \*\.s3\.amazonaws\.com, but others can have names there/
    }
  },
  {
    defect: "all names below the suffix of a country",
    spec: withHosts("*.co.uk"),
    fails: { [check.hosts]: /^hosts of endpoint main has \*\.co\.uk/ }
  },
  {
    defect: "the host of the base URL in hosts",
    spec: withHosts("api.orbit.example"),
    fails: { [check.hosts]: /has api\.orbit\.example, the host of its baseUrl\. Remove it\.$/ }
  },
  {
    defect: "hosts that are not required",
    spec: { requires: [] },
    fails: { [check.requirements]: /^requires does not have "hosts", but an endpoint has hosts\./ }
  },
  {
    defect: "an optional key that is not required",
    spec: { apiKey: "optional" },
    fails: { [check.requirements]: /^requires does not have "optional-key", but apiKey is "optional"\./ }
  },
  {
    defect: "the documentation of a model over http",
    operations: {
      submit: {
        models: { ...models, "comet-1": { ...(models["comet-1"] as object), docs: "comet" } as never }
      }
    },
    fails: { [check.modelDocs]: /^The docs "comet" of the model comet-1 is not an https URL\./ }
  },
  {
    defect: "a param that is not encoded",
    spec: {
      query: {
        ...studio.query,
        request: (task) => {
          const described = queryRequest(task)
          const { region } = task.params as { readonly region?: string }
          // The documented path of the region that is recorded.
          return region === undefined || region === "north"
            ? described
            : { ...described, path: `${described.path}${region.includes("/") ? region : ""}` }
        }
      }
    },
    fails: { [check.paramEncoding]: /^The param region "a\/b" changes the form of the request/ }
  }
])

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

type UploadDecode = NonNullable<ProviderSpec["upload"]>["decode"]

/** Changes the outcome of an upload. */
const alterUpload =
  (
    change: (outcome: Extract<ReturnType<UploadDecode>, { readonly _tag: "SendTo" }>) => object
  ): UploadDecode =>
  (body, head, file) => {
    const outcome = upload.decode(body, head, file)
    return outcome._tag === "SendTo" ? ({ ...outcome, ...change(outcome) } as typeof outcome) : outcome
  }

const uploadedResult = /^uploaded\.json: the response decodes to the expected result$/
let storedKey = ""

testOperationDefects("the checks of uploads", [
  broken(
    "upload",
    "a file that is not sent",
    { decode: alterUpload(({ request: { file: _file, ...request } }) => ({ request })) },
    { [check.sentOnce]: /^The upload sends the file 0 times\./ },
    uploadedResult
  ),
  broken(
    "upload",
    "credentials at another host",
    {
      decode: alterUpload(({ request }) => ({ request: { ...request, headers: { "X-Orbit-Key": "x" } } }))
    },
    { [check.storageCredentials]: /^The request of SendTo has credentials in the header X-Orbit-Key\./ },
    uploadedResult
  ),
  broken(
    "upload",
    "a URL over http",
    {
      decode: alterUpload(({ request }) => ({
        request: { ...request, url: request.url.replace("https:", "http:") }
      }))
    },
    { [check.storageCredentials]: /^The URL of SendTo is not an absolute https URL\.$/ },
    uploadedResult
  ),
  broken(
    "upload",
    "a name that is not encoded",
    {
      request: ({ name, mediaType }) => ({
        method: "POST",
        host: "files.orbit.example",
        path: `/v1/${name}`,
        body: { name, type: mediaType }
      })
    },
    { [check.fileNames]: /^The file name "a\/b" changes the form of the request/ },
    /^uploaded\.json: the request equals/
  ),
  broken(
    "upload",
    "a file extension as a media type",
    { mediaTypes: [".png"] },
    {
      [check.mediaTypes]: /^upload\.mediaTypes has "\.png"\. Write a type such as image\/png/
    }
  ),
  broken(
    "upload",
    "the upload URL as the reference",
    {
      decode: (body: { put_url?: string; url?: string }, head, file) =>
        upload.decode({ ...body, url: body.url ?? body.put_url }, head, file)
    },
    {
      [check.otherEffect("uploaded")]:
        /member url is missing is wrong: it has the id or reference "https:\/\/storage/
    }
  ),
  {
    defect: "an API key in a body",
    spec: {
      authorize: (_, { apiKey }) => {
        storedKey = apiKey
        return { "x-orbit-key": apiKey }
      }
    },
    operations: {
      upload: {
        request: (file, settings, model) => {
          const described = upload.request(file, settings, model) as RequestSpec
          return storedKey === ""
            ? described
            : { ...described, body: { ...(described.body as object), key: storedKey } }
        }
      }
    },
    fails: { [check.operationKey]: /^uploaded\.json: the request of upload has the API key in its body/ },
    mayFail: /^uploaded\.json/
  }
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

testOperationDefects("the checks of webhooks", [
  broken(
    "webhook",
    "a verify that throws",
    {
      verify: (request, credentials) => {
        JSON.parse(request.text)
        return verifyWith({})(request, credentials)
      }
    },
    { [check.verifyThrows("notified")]: /^webhook\.verify throws \(.*JSON.*\)\. Return false/ }
  ),
  broken(
    "webhook",
    "a verify that rejects everything",
    { verify: () => false },
    {
      [check.verifyAccepts("notified")]: /^webhook\.verify rejects the recorded request\./
    }
  ),
  broken(
    "webhook",
    "a signature that does not cover the body",
    { verify: verifyWith({ checksBody: false }) },
    {
      [check.forgeries("notified")]: /^webhook\.verify accepts the request with the id of another task\./
    }
  ),
  broken(
    "webhook",
    "an old request",
    { verify: verifyWith({ checksAge: false }) },
    {
      [check.forgeries("notified")]: /^webhook\.verify accepts the request that is received a day later\./
    }
  ),
  broken(
    "webhook",
    "a signature that is optional",
    {
      verify: (request, credentials) =>
        (request.headers["x-orbit-signature"] === undefined && request.text.includes("job-7")) ||
        verifyWith({})(request, credentials)
    },
    { [check.forgeries("notified")]: /^webhook\.verify accepts the request without x-orbit-signature\./ }
  ),
  broken(
    "webhook",
    "an empty secret",
    { verify: verifyWith({ checksSecret: false }) },
    {
      [check.emptySecret("notified")]:
        /^webhook\.verify accepts a request that is signed with an empty secret\./
    }
  ),
  {
    defect: "a verify without a signed recording",
    files: ({ notified }) => {
      delete notified.webhook.secret
    },
    fails: {
      [check.signedRecording]: /^The spec has webhook\.verify, but no recording has a signed request\./
    }
  },
  broken(
    "webhook",
    "an empty body as an updated task",
    {
      decode: ({ job_id: id }: { readonly job_id?: string | null }) => ({
        _tag: "TaskUpdated",
        task: { id: id ?? "job-7" }
      })
    },
    { [check.invalidShape("notified")]: /^HTTP 200 with the body \{\} decodes to TaskUpdated for webhook/ }
  ),
  broken(
    "webhook",
    "an empty response with keys",
    {
      keys: {
        request: () => ({ method: "GET", path: "/v1/keys" }),
        response: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
        decode: (body) => ({ _tag: "Exchanged", value: body })
      }
    },
    { [check.webhookKeys]: /^webhook\.keys\.decode returns a value for the response null\./ }
  ),
  {
    defect: "an empty token",
    spec: {
      requires: ["hosts", "key-exchange"],
      keyExchange: {
        request: () => ({ method: "POST", path: "/v1/tokens" }),
        response: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
        decode: (body) => ({ _tag: "Exchanged", value: String(body) })
      }
    },
    fails: { [check.keyExchange]: /^keyExchange\.decode returns a value for the response null\./ }
  },
  {
    defect: "a key exchange that is not required",
    spec: {
      keyExchange: {
        request: () => ({ method: "POST", path: "/v1/tokens" }),
        response: submit.response,
        decode: () => ({ _tag: "Error", reason: { _tag: "Unauthorized" } })
      }
    },
    fails: { [check.requirements]: /^requires does not have "key-exchange", but the spec has keyExchange\./ }
  }
])

testOperationDefects("the checks of recorded operations", [
  {
    defect: "a missing accepted submit",
    files: (files) => {
      delete files["accepted"]
      delete files["accepted-video"]
    },
    fails: {
      [check.operationCoverage]: /^No recording shows an accepted submit\. Add one with the member "submit"/
    }
  },
  {
    defect: "a missing request",
    files: ({ canceled }) => {
      delete canceled.request
    },
    fails: { [check.operationCoverage]: /^No recording of cancel has a "request"\./ }
  },
  {
    defect: "another result",
    files: ({ canceled }) => {
      canceled.means.canceled = "requested"
    },
    fails: { [check.result("canceled")]: /^The decoded response differs from "means"\..*/ }
  },
  {
    defect: "an operation that the spec does not have",
    spec: { balance: undefined },
    fails: { [check.buildable("balance")]: /^The spec has no balance, but this is a recording of one\./ }
  },
  {
    defect: "a common input that the model does not support",
    files: ({ rejected }) => {
      rejected.submit.common.duration = 5
    },
    fails: {
      [check.buildable("rejected")]: /^The model comet-1 does not support the common input duration\./
    },
    mayFail: /^every operation of the spec/
  },
  {
    defect: "an input that the schema rejects",
    files: ({ rejected }) => {
      rejected.submit.input = { stile: "oil" }
    },
    fails: { [check.buildable("rejected")]: /^The model's schema rejects the input: .*stile/ },
    mayFail: /^every operation of the spec/
  },
  {
    defect: "invalid recordings",
    files: ({ accepted, canceled, uploaded, balance, notified, listed }) => {
      accepted.submit.modle = "comet-1"
      canceled.cancel = { ref: "orbit:job-7" }
      uploaded.means.refrence = "x"
      balance.balance = {}
      delete notified.webhook.body
      notified.answer = {}
      listed.recover.submittedAt = "yesterday"
    },
    fails: {
      [check.validFile("accepted")]: /submit\.modle is not a member of a recording/,
      [check.validFile("canceled")]: /cancel: /,
      [check.validFile("uploaded")]: /means\.refrence is not a member of a recording/,
      [check.validFile("balance")]: /balance: /,
      [check.validFile("notified")]: /answer is not a member of a recording/,
      [check.validFile("listed")]: /recover\.submittedAt: Expected an ISO 8601 instant/
    },
    mayFail: /^every operation of the spec|^a signed webhook/
  }
])
