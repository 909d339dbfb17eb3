import { describe, expect, it } from "vitest"
import { queryError, fraction, snapshot } from "@gentask/core/provider"
import type { ResponseHead, SnapshotDraft } from "@gentask/core/provider"
import { reading } from "./planted/altered.ts"
import { rejection } from "./planted/plant.ts"
import type { Planted } from "./planted/plant.ts"
import { interpret, interpretError, statuses } from "./planted/orbit.ts"
import type { Body } from "./planted/orbit.ts"

/** Changes a snapshot whose word is none of the vendor's. */
const unheard = (change: SnapshotDraft) =>
  reading(({ rawStatus }) =>
    Object.values(statuses)
      .flat()
      .includes(rawStatus ?? "")
      ? undefined
      : change
  )

const means = (name: string) => `${name}.json: the answer gives its meaning`
const goesOn = (name: string) => `${name}.json: a word that nobody knows is unknown, and asking goes on`
const code = (name: string) => `${name}.json: a code that copies an HTTP status is that fault`
const http = (status: number, tag: string) =>
  `HTTP ${status} with JSON that says nothing, a web page or nothing is ${tag}`
const retryAfter = "Retry-After of HTTP 429 and 503 is kept, in seconds and as a date"

const longer = "limited.json: the longer wait of Retry-After and the answer is kept"

const notUnknown = (word: string, status: string) =>
  new RegExp(`^A word that nobody knows in the place of "${word}" makes the task ${status}\\.`)

/** Bugs of what answers are taken for. */
const bugs: ReadonlyArray<Planted> = [
  {
    bug: "a progress on another scale",
    query: { decode: reading((_, job) => ({ progress: fraction(job.progress) })) },
    fails: { [means("working")]: /\+ {3}progress: 1,\n- {3}progress: 0\.45/ }
  },
  {
    bug: "a wait in seconds where milliseconds are due",
    query: {
      decodeError: ({ message, retry_after: wait }: Body, { status }: ResponseHead) =>
        status === 429
          ? queryError({ _tag: "RateLimited", message, retryAfterMs: wait ?? undefined })
          : undefined
    },
    fails: { [means("limited")]: /\+ {5}retryAfter: 17\n- {5}retryAfter: 17000/ }
  },
  {
    bug: "links that are never said to die",
    spec: { resultLifetimeMs: undefined },
    fails: { [means("done")]: /\n- {7}expiresAt: '2026-01-01T01:01:00\.000Z'/ }
  },
  {
    bug: "videos taken for images",
    query: {
      decode: reading(({ outputs }) => ({ outputs: outputs?.map((each) => ({ ...each, kind: "image" })) }))
    },
    fails: { [means("done.later")]: /\+ {7}kind: 'image',\n- {7}kind: 'video'/ }
  },
  {
    bug: "words that nobody knows taken for failures",
    query: { decode: unheard({ status: "failed" }) },
    fails: {
      [goesOn("waiting")]: notUnknown("waiting", "failed"),
      [goesOn("working")]: notUnknown("working", "failed"),
      [goesOn("done")]: notUnknown("done", "failed"),
      [goesOn("done.later")]: notUnknown("done", "failed"),
      [goesOn("stopped")]: notUnknown("stopped", "failed")
    }
  },
  {
    bug: "words that nobody knows taken for running",
    query: { decode: unheard({ status: "running" }) },
    fails: { [goesOn("broken")]: notUnknown("broken", "running") },
    also: /a word that nobody knows is unknown/
  },
  {
    bug: "words that nobody knows dropped",
    query: { decode: unheard({ rawStatus: null }) },
    fails: { [goesOn("waiting")]: /^A word that nobody knows in the place of "waiting" is not kept\./ },
    also: /a word that nobody knows is unknown/
  },
  {
    bug: "a word of its own in the place of the vendor's",
    query: {
      decode: reading((_, job) => ({
        rawStatus: job.state === "working" ? "busy" : job.state,
        status: job.state === "working" ? "running" : undefined
      }))
    },
    fails: {
      [means("working")]: /\+ {3}rawStatus: 'busy'/,
      [goesOn("working")]: /^rawStatus is "busy", and the answer holds no such word\./
    },
    also: /^working\.json: its other words mean the same$/
  },
  {
    bug: "a success in an HTTP error",
    query: {
      decodeError: (body: Body, answer: ResponseHead) =>
        body.job ? interpret(body) : interpretError(body, answer)
    },
    fails: {
      "done.json: it is no end where HTTP says 500 or 503":
        /^The answer is succeeded also where HTTP says 500\./,
      "done.later.json: it is no end where HTTP says 500 or 503":
        /^The answer is succeeded also where HTTP says 500\./
    }
  },
  {
    bug: "every HTTP error taken for a task that is not found",
    query: { decodeError: () => queryError({ _tag: "TaskNotFound" }) },
    fails: {
      [http(401, "Unauthorized")]: /^HTTP 401 with JSON that says nothing is read as TaskNotFound\./,
      [http(503, "Unavailable")]: /^HTTP 503 with JSON that says nothing is read as TaskNotFound\./,
      [retryAfter]:
        /^Retry-After: 1 with HTTP 429 is read as TaskNotFound with a wait of 0 ms, and 1000 ms are due\./
    },
    also: /^HTTP \d|^limited.json: the answer/
  },
  {
    bug: "an HTTP 404 taken for a failed task",
    query: {
      decodeError: (body: Body, answer: ResponseHead) =>
        answer.status === 404 ? snapshot({ status: "failed" }) : interpretError(body, answer)
    },
    fails: { [http(404, "TaskNotFound")]: /^HTTP 404 with JSON that says nothing is read as failed\./ }
  },
  {
    bug: "a header's wait taken for minutes",
    query: {
      decodeError: ({ message, retry_after: wait }: Body, { status, headers }: ResponseHead) => {
        const retryAfter = Math.max((wait ?? 0) * 1000, Number(headers["retry-after"] ?? 0) * 60_000)
        return status === 429
          ? queryError({ _tag: "RateLimited", message, retryAfterMs: retryAfter })
          : undefined
      }
    },
    fails: {
      [retryAfter]:
        /^Retry-After: 1 with HTTP 429 is read as RateLimited with a wait of 60000 ms, and 1000 ms are due\./,
      [longer]: /^Retry-After: 1 with HTTP 429 .* a wait of 60000 ms, and 17000 ms are due\./
    }
  },
  {
    bug: "codes that copy HTTP's statuses and are not read",
    query: {
      decode: (body: Body) =>
        body.code === 0 || body.code === 404
          ? interpret(body)
          : queryError({
              _tag: "UnexpectedResponse",
              path: "code",
              code: String(body.code),
              message: body.message
            })
    },
    fails: {
      [code("unknown-code")]: /^The code 401 in the place of 9000 is read as UnexpectedResponse/,
      [code("no-such-job")]: /^The code 401 in the place of 404 is read as UnexpectedResponse/
    }
  },
  {
    bug: "a rate limit taken for an invalid request",
    query: {
      decodeError: ({ message }: Body, { status }: ResponseHead) =>
        status === 429 ? queryError({ _tag: "InvalidRequest", message }) : undefined
    },
    fails: {
      [http(429, "RateLimited")]: /^HTTP 429 with JSON that says nothing is read as InvalidRequest\./,
      [means("limited")]: /\+ {5}_tag: 'InvalidRequest'/,
      [retryAfter]: /^Retry-After: 1 with HTTP 429 is read as InvalidRequest/
    }
  }
]

describe("the kit rejects a reading with", () => {
  it.each(bugs)("$bug", (planted) => {
    const { found, due } = rejection(planted)
    expect(found).toEqual(due)
  })
})
