import { decodeOperation, makeTaskQuery, resolveAccount, toReceivedResponse } from "@gentask/core/internal"
import type { ResolvedAccount, SampleResponse, VendorResponse } from "@gentask/core/internal"
import { cancelDecoder, decodeSubmit } from "@gentask/core/internal/submit"
import { TaskRef } from "@gentask/core"
import { configureAccount } from "@gentask/core/provider"
import type {
  BalanceOutcome,
  CancelOutcome,
  ErrorFormat,
  ErrorReason,
  ProviderSpec,
  RecoverOutcome,
  RequestSpec,
  SubmitOutcome,
  SubmitRequest,
  UploadOutcome,
  WebhookOutcome,
  WebhookRequest
} from "@gentask/core/provider"
import type { AccountConfig, ProviderContext } from "../replay/TestContext.ts"
import { buildSubmit, inputFile } from "./buildSubmit.ts"
import type { OperationCase } from "./OperationContext.ts"

/** What the response of an operation means. */
export type OperationOutcome =
  | SubmitOutcome
  | CancelOutcome
  | UploadOutcome
  | BalanceOutcome
  | RecoverOutcome
  | WebhookOutcome

/** A recorded operation of an account. */
export interface OpenCase {
  readonly account: ResolvedAccount
  /** The request. Undefined for a webhook. */
  readonly spec: RequestSpec | undefined
  /** The submit. Undefined for other operations. */
  readonly submit: SubmitRequest | undefined
  /** Decodes a response as core does. */
  readonly decode: (response: SampleResponse) => OperationOutcome
}

/** Resolves an account of the provider under test. */
export const openAccount = (
  { spec, apiKey }: ProviderContext,
  account: AccountConfig,
  name?: string
): ResolvedAccount => resolveAccount(configureAccount(spec, { account: name, ...account, apiKey }))

const toVendorResponse = (sample: SampleResponse): VendorResponse => ({
  ...toReceivedResponse(sample),
  secrets: ""
})

const errorOutcome = (reason: ErrorReason): { readonly _tag: "Error"; readonly reason: ErrorReason } => ({
  _tag: "Error",
  reason
})

type Decoder = Parameters<typeof decodeOperation<unknown, OperationOutcome>>[0]

const decodeWith =
  (decoder: Decoder, errors?: ErrorFormat) =>
  (response: SampleResponse): OperationOutcome => {
    const decoded = decodeOperation(decoder, toVendorResponse(response), errors)
    return decoded._tag === "Error" ? errorOutcome(decoded.reason) : decoded.outcome
  }

/** Returns an operation of the spec. @throws {Error} If the spec does not have it. */
const required = <Name extends keyof ProviderSpec>(
  spec: ProviderSpec,
  name: Name
): NonNullable<ProviderSpec[Name]> => {
  const operation = spec[name]
  if (operation === undefined || operation === null)
    throw new Error(`The spec has no ${name}, but this is a recording of one. Add it to the spec`)
  return operation
}

const withRequest = (spec: RequestSpec | undefined, name: string): RequestSpec => {
  if (spec === undefined) throw new Error(`${name}.request returns undefined for this account`)
  return spec
}

/** The webhook request of a response: its headers and its text. */
export const toWebhookRequest = ({ headers = {}, body, at = 0 }: SampleResponse): WebhookRequest => ({
  headers,
  text: typeof body === "string" ? body : JSON.stringify(body),
  receivedAt: new Date(at)
})

const openWebhook = (context: ProviderContext, account: ResolvedAccount): OpenCase => {
  const webhook = required(context.spec, "webhook")
  return {
    account,
    spec: undefined,
    submit: undefined,
    decode: (sample) =>
      decodeWith({
        response: webhook.response,
        decode: (body) => webhook.decode(body, toWebhookRequest(sample))
      })({ ...sample, status: 200 })
  }
}

/**
 * Prepares a recorded operation.
 *
 * @throws {Error} If the request cannot be built.
 */
export const openCase = (context: ProviderContext, recorded: OperationCase): OpenCase => {
  const { spec } = context
  const { recording, operation } = recorded
  const ref = recording.cancel === undefined ? undefined : TaskRef.parse(recording.cancel)
  const account = openAccount(context, recorded.account, ref?.account)
  const { settings } = account
  const open = (request: RequestSpec, decoder: Decoder): OpenCase => ({
    account,
    spec: request,
    submit: undefined,
    decode: decodeWith(decoder, spec.errors)
  })
  switch (operation) {
    case "submit": {
      const submit = required(spec, "submit")
      const built = buildSubmit(submit, account, recording.submit ?? { model: "" })
      return {
        account,
        spec: built.spec,
        submit: built.request,
        decode: (response) => decodeSubmit(submit, built.request, toVendorResponse(response), spec.errors)
      }
    }
    case "cancel": {
      const cancel = required(spec, "cancel")
      const { task } = makeTaskQuery(ref ?? TaskRef.parse(""), account)
      return open(cancel.request(task, settings), cancelDecoder(cancel, task))
    }
    case "upload": {
      const upload = required(spec, "upload")
      const { file = "", mediaType, size, model = "model-1" } = recording.upload ?? {}
      const handle = inputFile(file, mediaType, size)
      return open(withRequest(upload.request(handle, settings, model), "upload"), {
        response: upload.response,
        decode: (body, head) => upload.decode(body, head, handle)
      })
    }
    case "balance": {
      const balance = required(spec, "balance")
      return open(withRequest(balance.request(settings), "balance"), balance)
    }
    case "recover": {
      const recover = required(spec, "recover")
      const { submittedAt = 0, endedAt = submittedAt, ...recordedSubmit } = recording.recover ?? { model: "" }
      const { request } = buildSubmit(required(spec, "submit"), account, recordedSubmit)
      const lost = { request, submittedAt: new Date(submittedAt), endedAt: new Date(endedAt) }
      return open(withRequest(recover.request(lost, settings), "recover"), {
        response: recover.response,
        decode: (body, head) => recover.decode(body, head, lost),
        decodeError: (body, head) => recover.decodeError?.(body, head, lost)
      })
    }
    default:
      return openWebhook(context, account)
  }
}
