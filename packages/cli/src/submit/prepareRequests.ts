import { ConfigurationError } from "@gentask/core"
import type { InputProblem, ProviderAccount, ProviderSpec, SubmitInput } from "@gentask/core"
import { accountName, closestName } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import { invalidInput, jsonSchemaOf, previewSubmit } from "@gentask/core/internal/submit"
import type { SubmitPreview } from "@gentask/core/internal/submit"
import * as Effect from "effect/Effect"
import { validateAccount } from "../accounts/accountError.ts"
import { loadAccounts } from "../accounts/loadAccounts.ts"
import type { AccountTarget, LoadedAccounts } from "../accounts/loadAccounts.ts"
import { parseAccount } from "../accounts/parseAccount.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { UsageError } from "../UsageError.ts"
import { invalidBatch } from "./invalidBatch.ts"
import { parseInputOptions } from "./parseInputOptions.ts"
import type { RequestDraft } from "./RequestDraft.ts"

/** A request that can be submitted. */
export interface PreparedRequest {
  /** The number of the line of a batch, from 1. Undefined for a single request. */
  readonly line: number | undefined
  readonly request: SubmitInput
  readonly account: ProviderAccount
  /** A sentence about a model that the provider does not know. */
  readonly warning: string | undefined
}

/** Where the API key of an account is: here, nowhere since nothing is sent, or at a tracker, which has the account. */
export type AccountAccess = "with key" | "without key" | "remote"

/** The requests of a command, and their accounts. */
export interface PreparedRequests {
  readonly requests: ReadonlyArray<PreparedRequest>
  readonly accounts: LoadedAccounts
}

const modelOf = ({ submit }: ProviderSpec, model: string) =>
  submit?.models !== undefined && Object.hasOwn(submit.models, model) ? submit.models[model] : undefined

const warningOf = ({ spec }: ProviderAccount, model: string): string | undefined => {
  const known = Object.keys(spec.submit?.models ?? {})
  if (known.length === 0 || known.includes(model)) return undefined
  const closest = closestName(model, known)
  const suggestion = closest === undefined ? "" : ` Did you mean ${closest}?`
  return `${spec.id} does not know the model ${JSON.stringify(model)}, so its input is not checked.${suggestion} See gentask models ${spec.id}.`
}

/** Validates a request without sending it. Also describes the request. */
export const preview = (
  account: ProviderAccount,
  request: SubmitInput
): Effect.Effect<SubmitPreview, ConfigurationError> =>
  Effect.tryPromise({
    try: () => {
      const resolved = validateAccount(account)
      if (resolved instanceof ConfigurationError) throw resolved
      return previewSubmit(resolved, request)
    },
    catch: (error) => {
      if (error instanceof ConfigurationError) return error
      throw error
    }
  })

/** All that is wrong with a request whose draft has problems. */
const allProblems = (
  account: ProviderAccount,
  request: SubmitInput,
  problems: ReadonlyArray<InputProblem>
): Effect.Effect<never, ConfigurationError> =>
  Effect.flatMap(
    Effect.match(preview(account, request), {
      onSuccess: () => [],
      onFailure: ({ reason }) => (reason._tag === "InvalidInput" ? reason.problems : [])
    }),
    (others) => {
      const paths = new Set(problems.map(({ path }) => path))
      // The model's schema reports the same field in its own words.
      const further = others.filter(({ path }) => !paths.has(path))
      return Effect.fail(invalidInput(request.account, request.model, [...problems, ...further]))
    }
  )

/** An account that only the tracker has. Its provider is known, so that the input can be checked. */
const remoteAccount = (
  { provider, account }: AccountTarget,
  { accounts }: LoadedAccounts
): ProviderAccount | undefined => {
  const spec = accounts.find((each) => each.spec.id === provider)?.spec
  return spec && configureAccount(spec, { account: account ?? provider })
}

const findAccount = (
  target: AccountTarget,
  accounts: LoadedAccounts,
  access: AccountAccess
): Effect.Effect<ProviderAccount, ConfigurationError> => {
  if (access === "with key") return accounts.require(target)
  const found = accounts.requireWithoutKey(target)
  const remote = access === "remote" ? remoteAccount(target, accounts) : undefined
  return remote === undefined ? found : Effect.orElseSucceed(found, () => remote)
}

const prepareOne = Effect.fnUntraced(function* (
  draft: RequestDraft,
  accounts: LoadedAccounts,
  access: AccountAccess
): Effect.fn.Return<PreparedRequest, ConfigurationError | UsageError> {
  const target = yield* parseAccount(draft.account)
  const account = yield* findAccount(target, accounts, access)
  const { model, line } = draft
  const spec = modelOf(account.spec, model)
  const schema = spec === undefined ? undefined : jsonSchemaOf(spec.input)
  const { input, problems } = yield* Effect.promise(() => parseInputOptions(draft.options, schema))
  const request: SubmitInput = {
    ...draft.common,
    account: accountName(account),
    model,
    input: { ...draft.json, ...input }
  }
  const all = [...draft.problems, ...problems]
  if (all.length > 0) return yield* allProblems(account, request, all)
  return { line, request, account, warning: warningOf(account, model) }
})

/** Completes a message about a line of a batch. */
const atLine = (line: number, { message }: { readonly message: string }): string => `Line ${line}: ${message}`

/** Prepares a single request, or all lines of a batch. Of a batch, all invalid lines are reported at once. */
export const prepareRequests = Effect.fnUntraced(function* (
  drafts: ReadonlyArray<RequestDraft>,
  configuration: Configuration,
  access: AccountAccess
): Effect.fn.Return<PreparedRequests, ConfigurationError | UsageError> {
  const targets = yield* Effect.forEach(drafts, ({ account }) => Effect.option(parseAccount(account)))
  const accounts = yield* loadAccounts(
    targets.flatMap((target) => (target._tag === "Some" ? [target.value] : [])),
    configuration
  )
  const [only] = drafts
  if (only !== undefined && only.line === undefined)
    return { requests: [yield* prepareOne(only, accounts, access)], accounts }
  const requests: Array<PreparedRequest> = []
  const messages: Array<string> = []
  for (const draft of drafts) {
    const line = draft.line ?? 0
    const result = yield* Effect.result(
      Effect.tap(prepareOne(draft, accounts, access), ({ account, request }) =>
        access === "remote" && validateAccount(account) instanceof ConfigurationError
          ? Effect.void
          : preview(account, request)
      )
    )
    if (result._tag === "Success") requests.push(result.success)
    else messages.push(atLine(line, result.failure))
  }
  if (messages.length > 0) return yield* invalidBatch(messages)
  return { requests, accounts }
})
