import { fraction, queryError, snapshot } from "@gentask/core/provider"
import type { SnapshotDraft } from "@gentask/core/provider"
import { alterSnapshot } from "./support/alterDecode.ts"
import * as check from "./support/checkNames.ts"
import { testDefects } from "./support/Defect.ts"
import { decode, decodeError, statuses } from "./support/orbit.ts"
import type { Body } from "./support/orbit.ts"

testDefects("the checks of results", [
  {
    defect: "a progress on another scale",
    query: { decode: alterSnapshot((_, job) => ({ progress: fraction(job.progress) })) },
    fails: { [check.result("working")]: /\+ {3}progress: 1,\n- {3}progress: 0\.45/ }
  },
  {
    defect: "a delay in seconds instead of milliseconds",
    query: {
      decodeError: ({ message, retry_after: seconds }, { status }) =>
        status === 429 ? queryError({ _tag: "RateLimited", message, retryAfterMs: seconds }) : undefined
    },
    fails: { [check.result("limited")]: /\+ {5}retryAfter: 17\n- {5}retryAfter: 17000/ }
  },
  {
    defect: "links without an expiry",
    spec: { resultLifetimeMs: undefined },
    fails: { [check.result("done")]: /\n- {7}expiresAt: '2026-01-01T01:01:00\.000Z'/ }
  },
  {
    defect: "a video as an image",
    query: {
      decode: alterSnapshot(({ outputs }) => ({
        outputs: outputs?.map((output) => ({ ...output, kind: "image" }))
      }))
    },
    fails: { [check.result("done.later")]: /\+ {7}kind: 'image',\n- {7}kind: 'video'/ }
  },
  {
    defect: "another rawStatus than the vendor's word",
    query: {
      decode: alterSnapshot((_, { state }) =>
        state === "working" ? { rawStatus: "busy", status: "running" } : undefined
      )
    },
    fails: {
      [check.result("working")]: /\+ {3}rawStatus: 'busy'/,
      [check.unknownWord("working")]: /^rawStatus is "busy", but the response does not contain this word\./
    },
    mayFail: /^working\.json: its other status words decode to the same result$/
  }
])

const knownWords = new Set(Object.values(statuses).flat())
/** Changes the snapshots whose word is not in `statuses`. */
const alterUnknown = (change: SnapshotDraft) =>
  alterSnapshot(({ rawStatus }) => (knownWords.has(rawStatus ?? "") ? undefined : change))
const decodesTo = (word: string, status: string) =>
  new RegExp(`^An unknown word instead of "${word}" decodes to ${status}\\.`)

testDefects("the checks of status words", [
  {
    defect: "unknown words as failed",
    query: { decode: alterUnknown({ status: "failed" }) },
    fails: {
      [check.unknownWord("waiting")]: decodesTo("waiting", "failed"),
      [check.unknownWord("working")]: decodesTo("working", "failed"),
      [check.unknownWord("done")]: decodesTo("done", "failed"),
      [check.unknownWord("done.later")]: decodesTo("done", "failed"),
      [check.unknownWord("stopped")]: decodesTo("stopped", "failed")
    }
  },
  {
    defect: "unknown words as running",
    query: { decode: alterUnknown({ status: "running" }) },
    fails: { [check.unknownWord("broken")]: decodesTo("broken", "running") },
    mayFail: /an unknown status word/
  },
  {
    defect: "unknown words that are lost",
    query: { decode: alterUnknown({ rawStatus: null }) },
    fails: { [check.unknownWord("waiting")]: /^An unknown word instead of "waiting" is lost\./ },
    mayFail: /an unknown status word/
  }
])

const decodesToTaskNotFound = /^HTTP \d+ with an empty JSON object decodes to TaskNotFound\./

testDefects("the checks of errors", [
  {
    defect: "a success with an HTTP error",
    query: { decodeError: (body: Body, http) => (body.job ? decode(body) : decodeError(body, http)) },
    fails: {
      [check.serverErrors("done")]: /^The response decodes to succeeded even with HTTP 500\./,
      [check.serverErrors("done.later")]: /^The response decodes to succeeded even with HTTP 500\./
    }
  },
  {
    defect: "every HTTP error as TaskNotFound",
    query: { decodeError: () => queryError({ _tag: "TaskNotFound" }) },
    fails: {
      [check.httpStatus(401, "Unauthorized")]: decodesToTaskNotFound,
      [check.httpStatus(503, "Unavailable")]: decodesToTaskNotFound,
      [check.retryAfter]:
        /^HTTP 429 with Retry-After: 1 decodes to TaskNotFound with retryAfterMs 0\. Expected 1000\./
    },
    mayFail: /^HTTP \d|^limited\.json: the response/
  },
  {
    defect: "HTTP 404 as a failed task",
    query: {
      decodeError: (body, http) =>
        http.status === 404 ? snapshot({ status: "failed" }) : decodeError(body, http)
    },
    fails: {
      [check.httpStatus(404, "TaskNotFound")]: /^HTTP 404 with an empty JSON object decodes to failed\./
    }
  },
  {
    defect: "Retry-After in minutes",
    query: {
      decodeError: ({ message, retry_after: seconds }: Body, { status, headers }) => {
        const inHeader = Number(headers["retry-after"] ?? 0) * 60_000
        const retryAfterMs = Math.max((seconds ?? 0) * 1000, inHeader)
        return status === 429 ? queryError({ _tag: "RateLimited", message, retryAfterMs }) : undefined
      }
    },
    fails: {
      [check.retryAfter]:
        /^HTTP 429 with Retry-After: 1 decodes to RateLimited with retryAfterMs 60000\. Expected 1000\./,
      [check.longerDelay("limited")]: /^HTTP 429 .* with retryAfterMs 60000\. Expected 17000\./
    }
  },
  {
    defect: "codes that equal HTTP statuses as UnexpectedResponse",
    query: {
      decode: (body: Body) =>
        body.code === 0 || body.code === 404
          ? decode(body)
          : queryError({
              _tag: "UnexpectedResponse",
              path: "code",
              code: String(body.code),
              message: body.message
            })
    },
    fails: {
      [check.errorCode("unknown-code")]: /^The code 401 instead of 9000 decodes to UnexpectedResponse/,
      [check.errorCode("no-such-job")]: /^The code 401 instead of 404 decodes to UnexpectedResponse/
    }
  },
  {
    defect: "a rate limit as InvalidRequest",
    query: {
      decodeError: ({ message }: Body, { status }) =>
        status === 429 ? queryError({ _tag: "InvalidRequest", message }) : undefined
    },
    fails: {
      [check.httpStatus(429, "RateLimited")]:
        /^HTTP 429 with an empty JSON object decodes to InvalidRequest\./,
      [check.result("limited")]: /- {5}retryAfter: 17000/,
      [check.retryAfter]: /^HTTP 429 with Retry-After: 1 decodes to InvalidRequest/
    }
  }
])
