import { broken } from "./support/brokenOperation.ts"
import * as check from "./support/checkNames.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import { submit, verifyWith } from "./support/studio.ts"

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
