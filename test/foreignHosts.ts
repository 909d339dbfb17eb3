/** The recorded operations of a provider, run against a server that stands for all hosts. */
import type { IncomingHttpHeaders } from "node:http"
import { extname } from "node:path"
import { createGentask, memoryLedger } from "@gentask/core"
import type { Gentask, SubmitInput, TaskSnapshot } from "@gentask/core"
import { configureAccount } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core/provider"
import type { OperationName, OperationRecording, RecordedResponse, Recording } from "@gentask/testing"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"
import { png } from "./onePixelPng.ts"
import { readOperationRecordings, readRecordings } from "./readRecordings.ts"
import type { TestVendor } from "./TestVendor.ts"

/** The part of all keys that no host but those of the vendor may receive. */
const secret = "sk-hostile-0123456789abcdef"

/** The second one is an access key and its secret key. */
const apiKeys = [secret, `AKLTHOSTILE|${secret}`] as const

/** A request, and the origin that the client sent it to. */
export interface ReceivedRequest {
  readonly origin: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

const credentialHeader = /^(?:authorization|cookie|proxy-authorization|x-.*(?:key|token)|api-?key)$/

/** The headers with credentials, and `url` if the key is part of it. */
export const credentialsIn = ({ headers, url }: ReceivedRequest): ReadonlyArray<string> => [
  ...Object.entries(headers).flatMap(([name, value]) =>
    credentialHeader.test(name) || String(value).includes(secret) ? [name] : []
  ),
  ...(decodeURIComponent(url).includes(secret) ? ["url"] : [])
]

/** One operation, and the responses to its requests. */
export interface RecordedCase {
  readonly name: string
  readonly account: Readonly<Record<string, unknown>>
  readonly responses: ReadonlyArray<RecordedResponse>
  readonly operation: "query" | OperationName
  /** Requests that precede the operation. They receive an error that leaves their outcome unknown. @default none */
  readonly prepare?: (gentask: Gentask) => Promise<unknown>
  readonly run: (gentask: Gentask) => Promise<unknown>
}

/** The name of the account in a ref, which is that of the provider unless the ref has another one. */
const accountIn = (ref: string): string => ref.slice(0, ref.indexOf(":")).replace(/^.*@/, "")

const isSuccess = ({ status = 200 }: RecordedResponse): boolean => status < 300

const isSnapshot = (value: unknown): value is TaskSnapshot =>
  typeof value === "object" && value !== null && "outputs" in value

const querySaving = async (gentask: Gentask, task: string | TaskSnapshot): Promise<TaskSnapshot> => {
  const snapshot = isSnapshot(task) ? task : await gentask.query(task)
  // Saving waits for the end of a task.
  if (snapshot.status === "succeeded" && snapshot.outputs.some(({ url }) => url !== null)) {
    await using folder = await temporaryFolder()
    await gentask.save(snapshot, { dir: folder.path, attempts: 1 })
  }
  return snapshot
}

/** Queries a task and saves its outputs. */
const queryCase = (spec: ProviderSpec, name: string, recording: Recording): RecordedCase => {
  const { ref = spec.examples?.[0] ?? `${spec.id}:1`, account = {}, answer, then = [] } = recording
  return {
    name,
    account: { ...account, account: accountIn(ref) },
    responses: [answer, ...then.map((each) => each.answer)],
    operation: "query",
    run: (gentask) => querySaving(gentask, ref)
  }
}

interface RecordedFile {
  readonly file: string
  readonly mediaType?: string
}

const mediaTypes: Readonly<Record<string, string>> = { ".mp3": "audio/mpeg", ".mp4": "video/mp4" }

/** Inputs may name files, which are then sent as bytes. */
const withFiles = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withFiles)
  if (typeof value !== "object" || value === null) return value
  if ("file" in value) {
    const { file, mediaType } = value as RecordedFile
    const type = mediaType ?? mediaTypes[extname(file)] ?? "image/png"
    // The type is read from the first bytes, too.
    return new Blob([type === "audio/mpeg" ? `ID3\u0003${"\0".repeat(100)}` : png], { type })
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withFiles(each)]))
}

const operationCase = (
  { spec, submitSystems = [], submitAccounts }: TestVendor,
  name: string,
  { account = {}, answer, submit, cancel, upload, balance, means }: OperationRecording
): ReadonlyArray<RecordedCase> => {
  if (answer === undefined || !isSuccess(answer)) return []
  const { id } = spec
  const make = (
    operation: OperationName,
    ref: string,
    run: (gentask: Gentask) => Promise<unknown>
  ): ReadonlyArray<RecordedCase> => [
    { name, operation, account: { ...account, account: accountIn(ref) }, responses: [answer], run }
  ]
  if (cancel !== undefined) return make("cancel", cancel, (gentask) => gentask.cancel(cancel))
  if (balance) return make("balance", `${id}:`, (gentask) => gentask.balance(id))
  if (submit !== undefined) {
    // A submit that the vendor rejects for now would be sent again for half an hour.
    if (means === undefined || !("accepted" in means)) return []
    const request = withFiles({ model: submit.model, ...submit.common, input: submit.input ?? {} })
    return make("submit", `${id}:`, async (gentask) => {
      const { webhook } = submit
      const { refs } = await gentask.submit({ ...(request as SubmitInput), account: id, webhook })
      for (const ref of refs) await querySaving(gentask, ref)
      return refs
    })
  }
  const system = submitSystems.find((each) => each.account === id)
  const model = system?.imageModel
  if (upload === undefined || model === undefined) return []
  // Some models depend on a setting.
  const address = { url: "http://127.0.0.1", apiKey: secret, accessKey: secret }
  const configured = submitAccounts?.(address).find((each) => each.account === id)
  const file = new Blob([png], { type: "image/png" })
  const takesImages = spec.submit?.supportedInputs(model)?.includes("images") === true
  const media = takesImages ? { images: [file] } : { firstFrame: file }
  const run = (gentask: Gentask) =>
    gentask.submit({ account: id, model, prompt: "A fox", ...media, input: system?.imageInput ?? {} })
  return make("upload", `${id}:`, run).map((each) => ({
    ...each,
    account: { ...configured?.settings, ...each.account }
  }))
}

/** Submits with an unknown outcome, and then looks for the task. */
const recoverCase = (
  { spec: { id } }: TestVendor,
  name: string,
  { account = {}, answer, recover }: OperationRecording
): ReadonlyArray<RecordedCase> => {
  if (recover === undefined || answer === undefined || !isSuccess(answer)) return []
  const { model, common = {}, input = {}, webhook } = recover
  const request = withFiles({ model, ...common, input }) as SubmitInput
  return [
    {
      name,
      account: { ...account, account: id },
      responses: [answer],
      operation: "recover",
      prepare: (gentask) => gentask.submit({ ...request, account: id, webhook }).catch(() => undefined),
      run: async (gentask) => {
        const [reconciled] = await gentask.reconcile()
        if (reconciled?.result === "unknown") throw new Error(reconciled.message)
        return reconciled
      }
    }
  ]
}

/** Receives a webhook whose keys must be requested. */
const webhookCase = (
  { spec }: TestVendor,
  name: string,
  { account = {}, webhook }: OperationRecording
): ReadonlyArray<RecordedCase> => {
  if (spec.webhook?.keys === undefined || webhook === undefined) return []
  const { headers = {}, body, keys = "whsec_AAAA" } = webhook
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return [
    {
      name,
      account: { ...account, account: spec.id },
      responses: [{ body: Array.isArray(keys) ? { keys } : { key: keys } }],
      operation: "webhook",
      run: (gentask) => gentask.receiveWebhook(spec.id, { headers, body: text })
    }
  ]
}

/** All recorded successes of a provider. */
export const recordedCases = (vendor: TestVendor): ReadonlyArray<RecordedCase> => [
  ...readRecordings(vendor.spec.id)
    .filter(({ recording }) => isSuccess(recording.answer))
    .map(({ name, recording }) => queryCase(vendor.spec, name, recording)),
  ...readOperationRecordings(vendor.spec.id).flatMap(({ name, recording }) =>
    [operationCase, recoverCase, webhookCase].flatMap((toCases) => toCases(vendor, name, recording))
  )
]

/** What a run has sent, and how it ended. */
export interface CaseResult {
  readonly requests: ReadonlyArray<ReceivedRequest>
  readonly error: unknown
  readonly value: unknown
}

/** How long a case may take, in milliseconds. A submit that may be repeated is repeated for a minute. */
const maxCaseMs = 10_000

/**
 * Runs a case. A loopback server receives the requests.
 *
 * @param respond Returns the response to a request with an index.
 * @param isDirect Whether the server is the account's base URL, rather than what stands for all hosts.
 */
export const runCase = async (
  spec: ProviderSpec,
  { account, prepare, run }: RecordedCase,
  respond: (index: number, request: ReceivedRequest) => RecordedResponse,
  isDirect = false
): Promise<CaseResult> => {
  const requests: Array<ReceivedRequest> = []
  let responses = 0
  let isPreparing = false
  await using server = await listen(({ url = "", headers }, response) => {
    const { "x-test-origin": origin = "", ...others } = headers
    const request = { origin: String(origin), url, headers: others }
    requests.push(request)
    const {
      status = 200,
      headers: sent,
      body
    } = isPreparing ? { status: 502, body: "" } : respond(responses++, request)
    response.writeHead(status, { "content-type": "application/json", ...sent })
    response.end(typeof body === "string" ? body : JSON.stringify(body))
  })
  const fetchFromServer = (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input)
    const headers = new Headers(init.headers)
    headers.set("x-test-origin", origin)
    return fetch(`${server.baseUrl}${pathname}${search}`, { ...init, headers })
  }
  const attempt = async (apiKey: string): Promise<CaseResult> => {
    const options = { ...account, apiKey, ...(isDirect && { baseUrl: server.baseUrl }) }
    const gentask = createGentask({
      providers: [configureAccount(spec, options)],
      ...(!isDirect && { fetch: fetchFromServer }),
      retry: false,
      ledger: memoryLedger()
    })
    const timer = isDirect ? undefined : setTimeout(() => void gentask.close(), maxCaseMs)
    try {
      isPreparing = true
      await prepare?.(gentask)
      isPreparing = false
      return { requests, error: undefined, value: await run(gentask) }
    } catch (error) {
      return { requests, error, value: undefined }
    } finally {
      clearTimeout(timer)
      await gentask.close()
    }
  }
  const result = await attempt(apiKeys[0])
  const needsPair = /InvalidApiKey/.test(JSON.stringify(result.error) ?? "")
  return needsPair && requests.length === 0 ? await attempt(apiKeys[1]) : result
}
