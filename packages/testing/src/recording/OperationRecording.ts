import type { CommonInputName, HttpMethod } from "@gentask/core/provider"
import type { ExpectedError, ExpectedSnapshot } from "./Expectation.ts"
import type { RecordedResponse } from "./Recording.ts"

/** A file in a recorded input, instead of a URL: `{ "file": "fox.png" }`. */
export interface RecordedFile {
  /** The file's name. */
  readonly file: string
  /** The media type. @default "image/png" */
  readonly mediaType?: string
  /** The size, in bytes. @default 1000 */
  readonly size?: number
}

/** A field of a multipart form: a text, or the name of a file. */
export type RecordedField =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly file: string }

/**
 * A request as the vendor documents it, without the credentials. A file in `body` is `{ "file": "fox.png", "as": "base64" }`,
 * and an uploaded one is `https://uploads.example.com/fox.png`.
 */
export interface RecordedOperationRequest {
  /** The HTTP method. */
  readonly method: HttpMethod
  /** The absolute URL. The order of its parameters and the way they are escaped do not matter. */
  readonly url: string
  /** The headers without the credentials and without `Content-Type`. The case of names does not matter. @default {} */
  readonly headers?: Readonly<Record<string, string>>
  /** The body as a JSON value. @default no body */
  readonly body?: unknown
  /** The fields of a form. @default no form */
  readonly form?: Readonly<Record<string, string>>
  /** The fields of a multipart form. @default no form */
  readonly multipart?: ReadonlyArray<RecordedField>
  /** The name of the file that is the whole body. @default no file */
  readonly file?: string
}

/** What is submitted. */
export interface RecordedSubmit {
  /** The vendor's name of the model. */
  readonly model: string
  /** The common inputs, such as `prompt`. Media are URLs or files. @default {} */
  readonly common?: Readonly<Partial<Record<CommonInputName, unknown>>>
  /** The vendor's own input, which overrides the common inputs. @default {} */
  readonly input?: Readonly<Record<string, unknown>>
  /** The idempotency key. @default "key-1" */
  readonly idempotencyKey?: string
  /** Where the vendor sends a notification. @default no notification */
  readonly webhook?: { readonly url: string; readonly secret?: string }
}

/** What is uploaded. */
export interface RecordedUpload extends RecordedFile {
  /** The model that needs the file. @default "model-1" */
  readonly model?: string
}

/** The submit whose outcome is unknown. */
export interface RecordedRecover extends RecordedSubmit {
  /** When the request was sent: ISO 8601. @default 1970-01-01 */
  readonly submittedAt?: string
  /** When the outcome became unknown: ISO 8601. @default `submittedAt` */
  readonly endedAt?: string
}

/** A request that the vendor sent. `at` of the recording is when it was received. */
export interface RecordedWebhook {
  /** The request's headers. @default {} */
  readonly headers?: Readonly<Record<string, string>>
  /** The body as a JSON value. A string is the exact text of a body, which signatures need. */
  readonly body: unknown
  /** The made-up secret that the request is signed with. If it is present, `verify` must accept the request. */
  readonly secret?: string
  /** What `keys` returns, for requests that are signed with a key of the vendor. */
  readonly keys?: unknown
}

/** An amount of credit. */
export interface ExpectedAmount {
  /** How much. */
  readonly amount: number
  /** Of what. */
  readonly unit: string
}

/** An expected task in a list. */
export interface ExpectedTask {
  /** The vendor's task id. */
  readonly id: string
  /** The params of its ref. */
  readonly params?: Readonly<Record<string, string>>
  /** The model. */
  readonly model?: string
  /** The prompt. */
  readonly prompt?: string
  /** When it was created: ISO 8601. */
  readonly createdAt?: string
  /** The idempotency key that it was submitted with. */
  readonly idempotencyKey?: string
}

/** The expected result of an operation: one of the forms of its kind, or an error in `fault`. */
export type OperationExpectation =
  /** Of a submit: the refs of the tasks, and what the response says about the first one. */
  | { readonly accepted: ReadonlyArray<string>; readonly snapshot?: ExpectedSnapshot }
  | { readonly rejected: ExpectedError }
  | { readonly retryable: ExpectedError; readonly when: "later" | "after-task-end" }
  | { readonly unknown: ExpectedError }
  /** Of a cancel. */
  | { readonly canceled: "canceled" | "requested" | "too-late"; readonly message?: string }
  /** Of an upload: what replaces the file, and the request that sends it, if it is another one. */
  | { readonly reference: string; readonly sendTo?: RecordedOperationRequest }
  /** Of a balance. An amount that the vendor does not report is absent. */
  | { readonly balance: { readonly available?: ExpectedAmount; readonly used?: ExpectedAmount } }
  /** Of a recover. */
  | { readonly tasks: ReadonlyArray<ExpectedTask>; readonly isComplete: boolean }
  /** Of a webhook. */
  | { readonly updated: ExpectedTask }
  | { readonly respond: unknown }
  | { readonly ignored: true }
  | { readonly fault: ExpectedError }

/** The JSON of a recording of another operation than a query. It has exactly one of the members of the operations. */
export interface OperationRecording {
  /** Where the response is from: the URL of the document, when it was recorded, or why it was made up. */
  readonly source: string
  /** The account's options without the key: `endpoint`, `baseUrl` and the provider's settings. @default {} */
  readonly account?: Readonly<Record<string, unknown>>
  /** What is submitted. */
  readonly submit?: RecordedSubmit
  /** The ref of the task that is canceled. */
  readonly cancel?: string
  /** The file that is uploaded. */
  readonly upload?: RecordedUpload
  /** Always `true`: the balance is queried. */
  readonly balance?: true
  /** The submit whose task is searched. */
  readonly recover?: RecordedRecover
  /** The request that the vendor sent. */
  readonly webhook?: RecordedWebhook
  /** The documented request. If it is absent, the request is not checked. */
  readonly request?: RecordedOperationRequest
  /** The response to the request. Absent for a webhook. */
  readonly answer?: RecordedResponse
  /** When the response arrived: ISO 8601. @default 1970-01-01 */
  readonly at?: string
  /** The whole expected result. With `GENTASK_RECORD=1`, the kit writes it if it is absent. */
  readonly means?: OperationExpectation
}

/** The operations besides the query. */
export const operationNames = ["submit", "cancel", "upload", "balance", "recover", "webhook"] as const

/** The name of an operation besides the query. */
export type OperationName = (typeof operationNames)[number]
