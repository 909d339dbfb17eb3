/** Test helpers: submits as the vendors document them, with plain fetch. */
import type { Emulator, ModuleName, Service } from "../src/index.ts"
import { send } from "./support.ts"
import type { HttpResult } from "./support.ts"

export const jimmyPrefix = "/api/open-api/v1"

export const jimengSubmit = (path = "/jm", action = "CVSync2AsyncSubmitTask"): string =>
  `${path}?Action=${action}&Version=2022-08-31`

/** Posts JSON with the emulator's key. */
export const post = (
  emulator: Emulator,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
): Promise<HttpResult> =>
  send(emulator.url + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${emulator.apiKey}`,
      "content-type": "application/json",
      ...headers
    },
    body: typeof body === "string" ? body : JSON.stringify(body)
  })

/** Gets a path with the emulator's key. */
export const get = (
  emulator: Emulator,
  path: string,
  headers: Readonly<Record<string, string>> = {}
): Promise<HttpResult> =>
  send(emulator.url + path, { headers: { authorization: `Bearer ${emulator.apiKey}`, ...headers } })

/** A service of the root URL, or kie.ai. */
type RootService = Exclude<Service, ModuleName>

/** One valid submit of each service. */
export const validSubmits: Record<RootService, { readonly path: string; readonly body: object }> = {
  jimmy: {
    path: `${jimmyPrefix}/images`,
    body: { model: "gpt-image-2", prompt: "A cat", ratio: "16:9", resolution: "4k", quality: "low" }
  },
  sora: { path: "/v1/video/create", body: { model: "sora-2", prompt: "A cat", images: [] } },
  jimeng: { path: jimengSubmit(), body: { req_key: "jimeng_t2i_v40", prompt: "A cat" } },
  aigptimage: {
    path: "/api/v1/jobs/createTask",
    body: { model: "gpt-image-2-text-to-image", input: { prompt: "A cat" } }
  },
  kie: {
    path: "/kie/api/v1/jobs/createTask",
    body: { model: "google/nano-banana", input: { prompt: "A cat" } }
  }
}

export const rootServices = Object.keys(validSubmits) as RootService[]

/** Submits a valid task. */
export const submit = (
  emulator: Emulator,
  service: RootService,
  headers?: Readonly<Record<string, string>>
): Promise<HttpResult> => post(emulator, validSubmits[service].path, validSubmits[service].body, headers)

/** The id in any response that accepts a task. Undefined without an id. */
export const idIn = (body: any): string | undefined =>
  body?.id ?? body?.task_id ?? body?.data?.task_id ?? body?.data?.taskId

/** The result of a promise, or the code of the error that closed the connection. */
export const outcomeOf = async (request: Promise<HttpResult>): Promise<number | string> => {
  try {
    return (await request).status
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined
    return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : String(error)
  }
}

/** How many posts and tasks the emulator counted in all. */
export const countsOf = (emulator: Emulator): { readonly posts: number; readonly tasks: number } => ({
  posts: emulator.posts().length,
  tasks: emulator.tasks().length
})
