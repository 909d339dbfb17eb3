import { errorFromCode, followUp, tryParseJson, queryError, snapshot } from "@gentask/core/provider"
import * as z from "zod"
import { signedProvider } from "./signedProvider.ts"
import { number, request, specWith, text, unexpected, url } from "./ValidProvider.ts"
import type { ValidProvider } from "./ValidProvider.ts"

/** `done` is true for a finished task, and `error` is present for a failed one, as with Google's operations. */
const booleanStatus: ValidProvider = {
  feature: "with a boolean status and an error member for failed tasks",
  spec: specWith(
    { running: ["false"], succeeded: ["true"] },
    {
      response: z.object({
        done: z.boolean().nullish(),
        error: z.object({ code: number, message: text }).nullish(),
        response: z.object({ uri: text }).nullish()
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
  recordings: {
    running: { request, answer: { body: { name: "operations/1", done: false } } },
    done: { answer: { body: { name: "operations/1", done: true, response: { uri: url } } } },
    failed: { answer: { body: { name: "operations/1", done: true, error: { code: 3, message: "Refused" } } } }
  }
}

const numericStatus: ValidProvider = {
  feature: "with numeric statuses and error codes",
  spec: specWith(
    { running: ["0"], succeeded: ["1"], failed: ["2", "3"] },
    {
      response: z.object({
        code: number,
        msg: text,
        data: z.object({ successFlag: number, images: z.array(z.string()).nullish() }).nullish()
      }),
      decode: ({ code, msg, data }) => {
        if (code !== 200) return queryError(errorFromCode(code ?? "", { message: msg }))
        if (data?.successFlag == null) return unexpected("data.successFlag")
        return snapshot({
          rawStatus: String(data.successFlag),
          outputs: data.images?.map((image) => ({ kind: "image", url: image }))
        })
      }
    }
  ),
  recordings: {
    running: { request, answer: { body: { code: 200, msg: "ok", data: { successFlag: 0, images: null } } } },
    done: { answer: { body: { code: 200, msg: "ok", data: { successFlag: 1, images: [url] } } } },
    failed: { words: ["3"], answer: { body: { code: 200, msg: "ok", data: { successFlag: 2 } } } },
    refused: { answer: { body: { code: 451, msg: "No", data: null } } },
    limit: { answer: { body: { code: 430, msg: "Slow", data: null } } }
  }
}

const embedded = (task: object) => ({ answer: { body: { ok: 1, task: JSON.stringify(task) } } })
const embeddedTask: ValidProvider = {
  feature: "with JSON in strings and named outputs",
  spec: specWith(
    { running: ["RUNNING"], succeeded: ["SUCCESS"], failed: ["ERROR"] },
    {
      request: ({ id }) => ({
        method: "POST",
        path: "/query",
        headers: { "content-type": "application/json" },
        body: { ids: JSON.stringify([id]) }
      }),
      response: z.object({ task: text }),
      decode: ({ task }) => {
        const parsed = tryParseJson(task) as { state?: unknown; files?: unknown } | null | undefined
        const files = typeof parsed?.files === "object" ? Object.values(parsed.files ?? {}) : []
        if (typeof parsed?.state !== "string") return unexpected("task")
        return snapshot({
          rawStatus: parsed.state,
          outputs: files.map((file) => ({ kind: "image", url: typeof file === "string" ? file : null }))
        })
      }
    }
  ),
  recordings: {
    running: {
      request: {
        method: "POST",
        url: "https://api.vendor.example/query",
        headers: { "Content-Type": "application/json" },
        body: { ids: '[ "1" ]' }
      },
      ...embedded({ state: "RUNNING", files: {} })
    },
    done: embedded({ state: "SUCCESS", files: { front: url, back: `${url}?2` } }),
    failed: embedded({ state: "ERROR" })
  }
}

const withCode = (code: number, status: string) => ({ answer: { body: { code, status, image: url } } })
const codeDecides: ValidProvider = {
  feature: "with a code that decides whether a finished task succeeded",
  spec: specWith(
    { running: ["busy"], succeeded: ["done"] },
    {
      response: z.object({ code: number, status: text, image: text }),
      decode: ({ code, status, image }) => {
        if (code !== 0 && status !== "done") return queryError(errorFromCode(code ?? ""))
        if (!status) return unexpected("status")
        return code === 0
          ? snapshot({ rawStatus: status, outputs: [{ kind: "image", url: image }] })
          : snapshot({ rawStatus: status, status: "failed", failure: { code } })
      }
    }
  ),
  recordings: {
    running: { request, ...withCode(0, "busy") },
    done: withCode(0, "done"),
    failed: withCode(7, "done")
  }
}

const arrayResponse: ValidProvider = {
  feature: "with an array as the response, empty for an unknown task",
  spec: specWith(
    { running: ["busy"], succeeded: ["done"], failed: ["bad"] },
    {
      response: z.array(z.object({ state: text, image: text })),
      decode: ([task]) => {
        if (task === undefined) return queryError({ _tag: "TaskNotFound" })
        if (!task.state) return unexpected("0.state")
        return snapshot({ rawStatus: task.state, outputs: [{ kind: "image", url: task.image }] })
      }
    }
  ),
  recordings: {
    running: { request, answer: { body: [{ state: "busy" }] } },
    done: { answer: { body: [{ state: "done", image: url }] } },
    failed: { answer: { body: [{ state: "bad" }] } },
    missing: { answer: { body: [] } }
  }
}

/** The status and the result have URLs of their own. The result of a failed task is HTTP 422. */
const separateResult: ValidProvider = {
  feature: "with a follow-up request for results and failures, and with named errors",
  spec: specWith(
    { queued: ["IN_QUEUE"], succeeded: ["COMPLETED"] },
    {
      request: ({ id }) => ({ method: "GET", path: `/${encodeURIComponent(id)}/status` }),
      response: z.object({ status: text, error: text }),
      decode: ({ status, error }, _http, { id }) => {
        if (error === "NoSuchTask") return queryError({ _tag: "TaskNotFound", code: error })
        if (error) return queryError({ _tag: "UnexpectedResponse", path: "error", code: error })
        if (!status) return unexpected("status")
        if (status !== "COMPLETED") return snapshot({ rawStatus: status })
        return followUp({
          request: { method: "GET", path: `/${encodeURIComponent(id)}/result` },
          response: z.object({ image: z.object({ url: text }).nullish(), detail: text }),
          decode: ({ image }) =>
            snapshot({ rawStatus: status, outputs: [{ kind: "image", url: image?.url }] }),
          decodeError: ({ detail }, http) =>
            http.status === 422
              ? snapshot({ status: "failed", rawStatus: status, failure: { message: detail ?? "It failed" } })
              : undefined
        })
      }
    }
  ),
  recordings: {
    queued: {
      request: { method: "GET", url: "https://api.vendor.example/1/status" },
      answer: { status: 202, body: { status: "IN_QUEUE" } }
    },
    done: {
      answer: { body: { status: "COMPLETED" } },
      // oxlint-disable-next-line unicorn/no-thenable -- a member of a recording
      then: [
        {
          request: { method: "GET", url: "https://api.vendor.example/1/result" },
          answer: { body: { image: { url } } }
        }
      ]
    },
    failed: {
      answer: { body: { status: "COMPLETED" } },
      // oxlint-disable-next-line unicorn/no-thenable -- a member of a recording
      then: [{ answer: { status: 422, body: { detail: "Refused" } } }]
    },
    unknown: { answer: { body: { error: "NoSuchTask" } } }
  }
}

/** The path of a request begins with the param. */
const pathParam: ValidProvider = {
  feature: "with a param that is a part of the path, with slashes",
  spec: specWith(
    { running: ["busy"], succeeded: ["done"], failed: ["bad"] },
    {
      request: ({ id, params: { app } }) => ({ method: "GET", path: `/${app}/${encodeURIComponent(id)}` }),
      response: z.object({ state: text, image: text }),
      decode: ({ state, image }) =>
        state ? snapshot({ rawStatus: state, outputs: [{ kind: "image", url: image }] }) : unexpected("state")
    },
    {
      params: z.strictObject({ app: z.string().regex(/^(?:\w+\/)?\w+\/\w+$/) }),
      examples: ["vendor:1?app=owner/app"]
    }
  ),
  recordings: {
    running: {
      request: { method: "GET", url: "https://api.vendor.example/owner/app/1" },
      answer: { body: { state: "busy" } }
    },
    done: { ref: "vendor:1?app=team/owner/app", answer: { body: { state: "done", image: url } } },
    failed: { answer: { body: { state: "bad" } } }
  }
}

export const validProviders: ReadonlyArray<ValidProvider> = [
  pathParam,
  booleanStatus,
  numericStatus,
  embeddedTask,
  codeDecides,
  arrayResponse,
  separateResult,
  signedProvider
]
