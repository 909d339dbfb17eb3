import { accepted, rejected, retryable } from "@gentask/core/provider"
import * as z from "zod"
import * as check from "./support/checkNames.ts"
import { brokenSubmit } from "./support/brokenSubmit.ts"
import { testOperationDefects } from "./support/OperationDefect.ts"
import { studio, SubmitBody, decodeSubmitBody, decodeSubmitError } from "./support/studio.ts"

const idOf = (body: SubmitBody): string | null | undefined => body.job?.id

testOperationDefects("the checks of submit responses", [
  {
    defect: "a task that cannot be queried, and has no result",
    spec: { query: { ...studio.query, completesOnSubmit: () => true } },
    fails: Object.fromEntries(
      ["accepted", "accepted-video"].map((name) => [
        check.queryable(name),
        /^query\.completesOnSubmit is true for orbit:\S+, but the draft of the submit has the status/
      ])
    )
  },
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
