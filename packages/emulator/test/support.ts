/** Test helpers: an emulator that closes with its test, queries to it, and the examples of the vendors' documents. */
import { readFile } from "node:fs/promises"
import { onTestFinished, vi } from "vitest"
import type { EmulatedTask, Emulator, EmulatorOptions, TaskKind, TaskScript } from "../src/index.ts"
import { startEmulator } from "../src/index.ts"
import { isModuleName } from "../src/vendors/vendorNames.ts"

export const start = async (options?: EmulatorOptions): Promise<Emulator> => {
  const emulator = await startEmulator(options)
  onTestFinished(emulator.close)
  return emulator
}

/** Stops the clock that timelines and links depend on. Returns a function that advances it. */
export const stopClock = (): ((milliseconds: number) => void) => {
  vi.useFakeTimers({ toFake: ["Date"] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  return (milliseconds) => {
    vi.setSystemTime(Date.now() + milliseconds)
  }
}

// Tests compare JSON with JSON, and `any` saves a cast at each field. Nothing else uses it.
export const example = async (name: string): Promise<any> =>
  JSON.parse(await readFile(new URL(`documents/${name}.json`, import.meta.url), "utf8"))

export interface HttpResult {
  readonly status: number
  readonly headers: Headers
  readonly body: any
}

export const send = async (url: string, init: RequestInit = {}): Promise<HttpResult> => {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

const withKey = (apiKey: string): RequestInit => ({ headers: { authorization: `Bearer ${apiKey}` } })

export const jimengUrl = (emulator: Emulator, path = "/jm"): string =>
  `${emulator.url}${path}?Action=CVSync2AsyncGetResult&Version=2022-08-31`

export const queryJimeng = (
  emulator: Emulator,
  body: unknown,
  url = jimengUrl(emulator),
  apiKey = emulator.apiKey
): Promise<HttpResult> =>
  send(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
      accept: "application/json"
    },
    body: typeof body === "string" ? body : JSON.stringify(body)
  })

export type QueriedTask = Pick<EmulatedTask, "vendor" | "id"> & Partial<Pick<EmulatedTask, "kind" | "reqKey">>

/** The path of a query. Jimeng's queries need a body as well. */
export const queryPaths = {
  jimmy: (id: string, kind: TaskKind) => `/api/open-api/v1/${kind}s/${id}`,
  sora: (id: string) => `/v1/video/query?id=${id}`,
  aigptimage: (id: string) => `/api/v1/jobs/recordInfo?taskId=${id}`
}

/** Queries a task as its vendor's document describes. */
export const queryTask = (
  emulator: Emulator,
  task: QueriedTask,
  apiKey = emulator.apiKey
): Promise<HttpResult> => {
  if (task.vendor === "jimeng") {
    const body = {
      req_key: task.reqKey ?? "jimeng_t2i_v40",
      task_id: task.id,
      req_json: '{"return_url": true}'
    }
    return queryJimeng(emulator, body, jimengUrl(emulator), apiKey)
  }
  const { vendor } = task
  if (isModuleName(vendor)) throw new Error(`${vendor} has a base URL of its own.`)
  const path = queryPaths[vendor](encodeURIComponent(task.id), task.kind ?? "image")
  return send(emulator.url + path, withKey(apiKey))
}

/** Keys in their order, and the types of all values: what two responses of one format have in common. */
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

/** The first link in the response to a query about a task that has succeeded. */
export const linkIn = (body: any): string =>
  body.video_url ??
  body.data.video_url ??
  body.data.image_urls?.[0] ??
  body.data.result?.image_url ??
  body.data.result?.video_url ??
  JSON.parse(body.data.resultJson).resultUrls[0]

/** Runs one after the other, where the order matters. */
export const inOrder = <A, B>(items: Iterable<A>, each: (item: A) => Promise<B>): Promise<B[]> =>
  [...items].reduce<Promise<B[]>>(
    async (done, item) => (await done).concat([await each(item)]),
    Promise.resolve([])
  )

/** Adds a task and queries it repeatedly. */
export const queryTimes = (emulator: Emulator, script: TaskScript, times: number): Promise<HttpResult[]> => {
  const task = emulator.addTask(script)
  return inOrder(Array.from({ length: times }), () => queryTask(emulator, task))
}

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
