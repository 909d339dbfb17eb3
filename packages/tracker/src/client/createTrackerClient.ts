import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import { problemTypePrefix } from "../api/ProblemJson.ts"
import type { SubmitJson, TrackedJson } from "../api/TaskJson.ts"
import { downloadFile } from "./downloadFile.ts"
import { encodeFiles } from "./encodeFiles.ts"
import { HttpConnection } from "./HttpConnection.ts"
import type { ConnectionRequest, TrackerClientOptions } from "./HttpConnection.ts"
import { makeEndpointsClient } from "./makeEndpointsClient.ts"
import { readEvents } from "./readEvents.ts"
import type { SubmitOptions, TrackerClient } from "./TrackerClient.ts"
import { TrackerError } from "./TrackerError.ts"

const maxBatch = 1000
/** For how many seconds one request waits. A longer wait takes several. */
const waitSeconds = 30
const maxAttempts = 5
const retryDelayMs = 500

const taskPath = (ref: string): string => `/v1/tasks/${encodeURIComponent(ref.toWellFormed())}`

/** The time limit of a request that waits. */
const waitingMs = (seconds: number): number => (seconds + 15) * 1000

const problemNames = { rejected: "submit-rejected", unknown: "submit-outcome-unknown" } as const

/** Converts the recorded outcome of a submit to the error that the submit itself would have failed with. */
const outcomeError = ({ state, error }: SubmitJson): TrackerError => {
  const name = state === "rejected" || state === "unknown" ? problemNames[state] : "invalid-input"
  const title = error?.message ?? `The submit is ${state}.`
  const problem = { type: problemTypePrefix + name, title, status: 422, detail: title }
  return TrackerError.fromProblem(error === null ? problem : { ...problem, error }, null)
}

/** Sends a request that may be repeated, and repeats it while the server cannot be reached. */
const sendRepeatedly = async <A>(connection: HttpConnection, request: ConnectionRequest): Promise<A> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connection.json<A>(request)
    } catch (error) {
      if (!(error instanceof TrackerError && error.isRetryable) || attempt === maxAttempts) throw error
    }
    const { signal } = request
    await setTimeout(retryDelayMs * attempt, undefined, signal === undefined ? {} : { signal })
  }
}

/** Sends a submit, and waits for its outcome. The idempotency key makes repetitions safe. */
const submit = async (
  connection: HttpConnection,
  path: string,
  body: unknown,
  { idempotencyKey = randomUUID(), signal }: SubmitOptions = {}
): Promise<SubmitJson> => {
  const request = { query: { wait: waitSeconds }, timeoutMs: waitingMs(waitSeconds), signal }
  let result = await sendRepeatedly<SubmitJson>(connection, {
    ...request,
    method: "POST",
    path,
    body,
    headers: { "idempotency-key": idempotencyKey }
  })
  const { isReplay } = result
  while (result.state === "queued")
    result = await sendRepeatedly<SubmitJson>(connection, {
      ...request,
      path: `/v1/submits/${encodeURIComponent(result.id)}`
    })
  if (result.state !== "accepted") throw outcomeError(result)
  return { ...result, isReplay }
}

/**
 * Creates a client of a tracker.
 *
 * ```ts
 * const tracker = createTrackerClient({ url: "http://127.0.0.1:4370", token })
 * const { refs } = await tracker.submit({ account: "jimmy", model: "gpt-image-2", prompt: "A fox" })
 * const task = await tracker.get(refs[0], { wait: 60 })
 * ```
 *
 * @throws {TypeError} If the URL or the token is invalid.
 */
export const createTrackerClient = (options: TrackerClientOptions): TrackerClient => {
  const connection = new HttpConnection(options)
  return {
    submit: async (request, submitOptions) => {
      const { idempotencyKey, ...body } = (await encodeFiles(request)) as Readonly<Record<string, unknown>>
      const key = submitOptions?.idempotencyKey ?? (idempotencyKey as string | undefined)
      const { webhookUrl } = submitOptions ?? {}
      const webhook = webhookUrl === undefined ? {} : { webhookUrl }
      return submit(
        connection,
        "/v1/tasks",
        { ...body, ...webhook },
        { ...submitOptions, idempotencyKey: key }
      )
    },
    retry: (ref, submitOptions) => submit(connection, `${taskPath(ref)}/retry`, undefined, submitOptions),
    track: async (refs, requestOptions) => {
      const all = [...refs]
      const pages: Array<TrackedJson> = []
      for (let start = 0; start < all.length; start += maxBatch) {
        const body = { refs: all.slice(start, start + maxBatch) }
        pages.push(
          await connection.json<TrackedJson>({
            method: "POST",
            path: "/v1/tasks/batch",
            body,
            ...requestOptions
          })
        )
      }
      return {
        added: pages.flatMap(({ added }) => added),
        known: pages.flatMap(({ known }) => known),
        rejected: pages.flatMap(({ rejected }) => rejected)
      }
    },
    get: (ref, { wait, until, signal } = {}) =>
      connection.json({
        path: taskPath(ref),
        query: { wait: wait === undefined ? undefined : Math.ceil(wait), until },
        signal,
        ...(wait === undefined ? {} : { timeoutMs: waitingMs(wait) })
      }),
    list: ({ status, since, signal, ...query } = {}) =>
      connection.json({
        path: "/v1/tasks",
        query: { ...query, status: status?.join(","), since: since?.toISOString() },
        signal
      }),
    taskEvents: (ref, requestOptions) =>
      connection.json({ path: `${taskPath(ref)}/events`, ...requestOptions }),
    cancel: (ref, requestOptions) =>
      connection.json({ method: "POST", path: `${taskPath(ref)}/cancel`, ...requestOptions }),
    forget: async (ref, requestOptions) => {
      await connection.send({ method: "DELETE", path: taskPath(ref), ...requestOptions })
    },
    events: (eventOptions = {}) => readEvents(connection, eventOptions),
    openFile: async (file, requestOptions) => {
      const response = await connection.send({ path: file.url, timeoutMs: null, ...requestOptions })
      return response.body ?? new ReadableStream({ start: (controller) => controller.close() })
    },
    download: (file, path, requestOptions) => downloadFile(connection, file, path, requestOptions?.signal),
    accounts: (requestOptions) => connection.json({ path: "/v1/accounts", ...requestOptions }),
    endpoints: makeEndpointsClient(connection)
  }
}
