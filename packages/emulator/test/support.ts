/** What the tests share: an emulator that ends with its test, ways to ask it, and the documents' examples. */
import { readFile } from "node:fs/promises"
import { onTestFinished } from "vitest"
import type { EmulatedTask, Emulator, EmulatorOptions, TaskKind } from "../src/index.ts"
import { startEmulator } from "../src/index.ts"

export const start = async (options?: EmulatorOptions): Promise<Emulator> => {
  const emulator = await startEmulator(options)
  onTestFinished(emulator.close)
  return emulator
}

// Tests compare JSON with JSON: `any` here and below spares them a cast at each field, and nothing else uses it.
export const example = async (name: string): Promise<any> =>
  JSON.parse(await readFile(new URL(`documents/${name}.json`, import.meta.url), "utf8"))

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

export const send = async (url: string, init: RequestInit = {}): Promise<Answered> => {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

const withKey = (apiKey: string): RequestInit => ({ headers: { authorization: `Bearer ${apiKey}` } })

export const jimengUrl = (emulator: Emulator, path = "/jm"): string =>
  `${emulator.url}${path}?Action=CVSync2AsyncGetResult&Version=2022-08-31`

export const askJimeng = (
  emulator: Emulator,
  body: unknown,
  url = jimengUrl(emulator),
  apiKey = emulator.apiKey
): Promise<Answered> =>
  send(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      accept: "application/json"
    },
    body: typeof body === "string" ? body : JSON.stringify(body)
  })

export type Asked = Pick<EmulatedTask, "vendor" | "id"> & Partial<Pick<EmulatedTask, "kind" | "reqKey">>

/** The path of a query; Jimeng's needs a body as well. */
export const queryUrls = {
  jimmy: (id: string, kind: TaskKind) => `/api/open-api/v1/${kind}s/${id}`,
  sora: (id: string) => `/v1/video/query?id=${id}`,
  aigptimage: (id: string) => `/api/v1/jobs/recordInfo?taskId=${id}`
}

/** Asks about a task as its vendor's document says. */
export const ask = (emulator: Emulator, task: Asked, apiKey = emulator.apiKey): Promise<Answered> => {
  if (task.vendor === "jimeng") {
    const body = {
      req_key: task.reqKey ?? "jimeng_t2i_v40",
      task_id: task.id,
      req_json: '{"return_url": true}'
    }
    return askJimeng(emulator, body, jimengUrl(emulator), apiKey)
  }
  const url = queryUrls[task.vendor](encodeURIComponent(task.id), task.kind ?? "image")
  return send(emulator.url + url, withKey(apiKey))
}

/** Keys in their order, and the types of all values: what two answers of one form have in common. */
export const shape = (value: unknown): unknown => {
  if (value === null) return "null"
  if (Array.isArray(value)) return [...new Set(value.map((member) => JSON.stringify(shape(member))))]
  if (typeof value === "object") return Object.entries(value).map(([key, member]) => [key, shape(member)])
  return typeof value
}

/** Paths of the values that differ, such as `detail.id`. */
export const differences = (left: any, right: any, path = ""): string[] => {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return Object.is(left, right) ? [] : [path]
  }
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differences(left[key], right[key], path === "" ? key : `${path}.${key}`)
  )
}

/** One after the other, where the order is the point. */
export const inOrder = <A, B>(items: Iterable<A>, each: (item: A) => Promise<B>): Promise<B[]> =>
  [...items].reduce<Promise<B[]>>(
    async (done, item) => (await done).concat([await each(item)]),
    Promise.resolve([])
  )

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
