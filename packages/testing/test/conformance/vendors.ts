/** Vendors that are unlike most, each with a provider that is right, and with answers as such vendors give them. */
import * as Schema from "effect/Schema"
import { queryError, errorFromCode, followUp, tryParseJson, snapshot } from "@gentask/core/provider"
import type { ResponseHead } from "@gentask/core/provider"
import { maybe, request, specOf, struct, unexpected, url } from "./Vendor.ts"
import type { Vendor } from "./Vendor.ts"
import { signed } from "./signed.ts"

/** `done` says that it is over, and the error whether it went well, as Google's operations do. */
const operations: Vendor = {
  name: "says by a boolean that a task is over, and by an error how",
  spec: specOf(
    { running: ["false"], succeeded: ["true"] },
    {
      response: struct({
        done: maybe(Schema.Boolean),
        error: maybe(Schema.Struct({ code: maybe(Schema.Number), message: maybe(Schema.String) })),
        response: maybe(Schema.Struct({ uri: maybe(Schema.String) }))
      }),
      decode: ({ done, error, response }) =>
        done == null
          ? unexpected("done")
          : snapshot({
              rawStatus: String(done),
              ...(done && error ? { status: "failed", failure: error } : {}),
              outputs: [{ kind: "image", url: response?.uri }]
            })
    }
  ),
  answers: {
    running: { request, answer: { body: { name: "operations/1", done: false } } },
    done: { answer: { body: { name: "operations/1", done: true, response: { uri: url } } } },
    failed: { answer: { body: { name: "operations/1", done: true, error: { code: 3, message: "Refused" } } } }
  }
}

const numbers: Vendor = {
  name: "counts its statuses",
  spec: specOf(
    { running: ["0"], succeeded: ["1"], failed: ["2", "3"] },
    {
      response: struct({
        code: maybe(Schema.Number),
        msg: maybe(Schema.String),
        data: maybe(
          Schema.Struct({ successFlag: maybe(Schema.Number), images: maybe(Schema.Array(Schema.String)) })
        )
      }),
      decode: ({ code, msg, data }) =>
        code !== 200
          ? queryError(errorFromCode(code ?? "", { message: msg }))
          : data?.successFlag == null
            ? unexpected("data.successFlag")
            : snapshot({
                rawStatus: String(data.successFlag),
                outputs: (data.images ?? []).map((image: string) => ({ kind: "image", url: image }))
              })
    }
  ),
  answers: {
    running: { request, answer: { body: { code: 200, msg: "ok", data: { successFlag: 0, images: null } } } },
    done: { answer: { body: { code: 200, msg: "ok", data: { successFlag: 1, images: [url] } } } },
    failed: { words: ["3"], answer: { body: { code: 200, msg: "ok", data: { successFlag: 2 } } } },
    odd: { answer: { body: { code: 451, msg: "No", data: null } } },
    limit: { answer: { body: { code: 430, msg: "Slow", data: null } } }
  }
}

const packedTask = (task: object) => ({ answer: { body: { ok: 1, task: JSON.stringify(task) } } })
const packed: Vendor = {
  name: "packs its tasks into texts, and names its outputs",
  spec: specOf(
    { running: ["RUNNING"], succeeded: ["SUCCESS"], failed: ["ERROR"] },
    {
      request: ({ id }) => ({
        method: "POST",
        path: "/ask",
        headers: { "content-type": "application/json" },
        body: { ids: JSON.stringify([id]) }
      }),
      response: struct({ task: maybe(Schema.String) }),
      decode: ({ task }) => {
        const read = tryParseJson(task) as { state?: unknown; files?: unknown } | null | undefined
        const files = typeof read?.files === "object" ? Object.values(read.files ?? {}) : []
        return typeof read?.state === "string"
          ? snapshot({
              rawStatus: read.state,
              outputs: files.map((file) => ({ kind: "image", url: typeof file === "string" ? file : null }))
            })
          : unexpected("task")
      }
    }
  ),
  answers: {
    running: {
      request: {
        method: "POST",
        url: "https://api.vendor.example/ask",
        headers: { "Content-Type": "application/json" },
        body: { ids: '[ "1" ]' }
      },
      ...packedTask({ state: "RUNNING", files: {} })
    },
    done: packedTask({ state: "SUCCESS", files: { front: url, back: `${url}?2` } }),
    failed: packedTask({ state: "ERROR" })
  }
}

const judged = (code: number, status: string) => ({ answer: { body: { code, status, image: url } } })
const codes: Vendor = {
  name: "lets its code decide how a task ended",
  spec: specOf(
    { running: ["busy"], succeeded: ["done"] },
    {
      response: struct({
        code: maybe(Schema.Number),
        status: maybe(Schema.String),
        image: maybe(Schema.String)
      }),
      decode: ({ code, status, image }) => {
        if (code !== 0 && status !== "done") return queryError(errorFromCode(code ?? ""))
        if (!status) return unexpected("status")
        const failed = code === 0 ? {} : { status: "failed" as const, failure: { code } }
        return snapshot({
          rawStatus: status,
          ...failed,
          outputs: code === 0 ? [{ kind: "image", url: image }] : []
        })
      }
    }
  ),
  answers: { running: { request, ...judged(0, "busy") }, done: judged(0, "done"), failed: judged(7, "done") }
}

const lists: Vendor = {
  name: "answers lists, and an empty one for a task that it does not know",
  spec: specOf(
    { running: ["busy"], succeeded: ["done"], failed: ["bad"] },
    {
      response: Schema.toStandardSchemaV1(
        Schema.Array(Schema.Struct({ state: maybe(Schema.String), image: maybe(Schema.String) }))
      ),
      decode: ([task]: ReadonlyArray<{ state?: string | null; image?: string | null }>) =>
        task === undefined
          ? queryError({ _tag: "TaskNotFound" })
          : task.state
            ? snapshot({ rawStatus: task.state, outputs: [{ kind: "image", url: task.image }] })
            : unexpected("0.state")
    }
  ),
  answers: {
    running: { request, answer: { body: [{ state: "busy" }] } },
    done: { answer: { body: [{ state: "done", image: url }] } },
    failed: { answer: { body: [{ state: "bad" }] } },
    none: { answer: { body: [] } }
  }
}

/** Two questions: where the task stands, and what it made; a failure is told by the second one, with HTTP 422. */
const results: Vendor = {
  name: "tells results and failures at another place, and of names in its errors",
  spec: specOf(
    { queued: ["IN_QUEUE"], succeeded: ["COMPLETED"] },
    {
      request: ({ id }) => ({ method: "GET", path: `/${encodeURIComponent(id)}/status` }),
      response: struct({ status: maybe(Schema.String), error: maybe(Schema.String) }),
      decode: ({ status, error }, _http: ResponseHead, { id }) => {
        if (error)
          return queryError({
            _tag: error === "NoSuchTask" ? "TaskNotFound" : "UnexpectedResponse",
            path: "error",
            code: error
          })
        if (!status) return unexpected("status")
        if (status !== "COMPLETED") return snapshot({ rawStatus: status })
        return followUp({
          request: { method: "GET", path: `/${encodeURIComponent(id)}/result` },
          response: struct({
            image: maybe(Schema.Struct({ url: maybe(Schema.String) })),
            detail: maybe(Schema.String)
          }),
          decode: ({ image }) =>
            snapshot({ rawStatus: status, outputs: [{ kind: "image", url: image?.url ?? null }] }),
          decodeError: ({ detail }, http) =>
            http.status === 422
              ? snapshot({ status: "failed", rawStatus: status, failure: { message: detail ?? "It failed" } })
              : undefined
        })
      }
    }
  ),
  answers: {
    queued: {
      request: { method: "GET", url: "https://api.vendor.example/1/status" },
      answer: { status: 202, body: { status: "IN_QUEUE" } }
    },
    done: {
      answer: { body: { status: "COMPLETED" } },
      // oxlint-disable-next-line unicorn/no-thenable -- a recording's member
      then: [
        {
          request: { method: "GET", url: "https://api.vendor.example/1/result" },
          answer: { body: { image: { url } } }
        }
      ]
    },
    failed: {
      answer: { body: { status: "COMPLETED" } },
      // oxlint-disable-next-line unicorn/no-thenable -- a recording's member
      then: [{ answer: { status: 422, body: { detail: "Refused" } } }]
    },
    unknown: { answer: { body: { error: "NoSuchTask" } } }
  }
}

export const vendors: ReadonlyArray<Vendor> = [operations, numbers, packed, codes, lists, results, signed]
