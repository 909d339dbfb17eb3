/** Checks of the requests of submits. */
import type { ResolvedAccount } from "@gentask/core/internal"
import type { RequestSpec, SubmitRequest } from "@gentask/core/provider"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { errorMessage } from "../errorMessage.ts"
import type { AnySubmit } from "../operations/buildSubmit.ts"
import { openCase } from "../operations/openCase.ts"
import type { OperationContext } from "../operations/OperationContext.ts"
import { toBuiltRequest } from "./toBuiltRequest.ts"
import { isCrash } from "../sandbox/isCrash.ts"
import { unknownMember } from "../unknownMember.ts"
import { checkForm, unusualIds } from "./unusualIds.ts"

/** A recorded submit, as the provider receives it. */
interface SubmitCase {
  readonly name: string
  readonly submit: AnySubmit
  readonly account: ResolvedAccount
  readonly request: SubmitRequest
}

/** Opens the recorded submits. */
export const submitCases = (context: OperationContext): ReadonlyArray<SubmitCase> => {
  const submit: AnySubmit | undefined = context.spec.submit
  if (submit === undefined) return []
  return context.cases.flatMap((recorded) => {
    if (recorded.operation !== "submit") return []
    const { account, submit: request } = openCase(context, recorded)
    return request === undefined ? [] : [{ name: recorded.name, submit, account, request }]
  })
}

const describe = (
  { submit, account, request }: SubmitCase,
  change: Partial<SubmitRequest>
): RequestSpec | undefined => {
  try {
    return submit.request({ ...request, ...change }, account.settings)
  } catch {
    return undefined
  }
}

const textOf = ({ path, query, body, form, multipart }: RequestSpec): string =>
  JSON.stringify([decodeURIComponent(path), query, body, form, multipart])

const overrideText = "gentask-override"

/** Returns another value of the same type, and the text that it has in a request. */
const overrideOf = (value: unknown): readonly [value: unknown, text: string] | undefined => {
  if (typeof value === "string") return [overrideText, overrideText]
  if (typeof value === "number") return [79_190_417, "79190417"]
  if (Array.isArray(value)) return [[overrideText], overrideText]
  return undefined
}

const checkOverrides = (tested: SubmitCase): void => {
  const { name, request } = tested
  for (const [member, value] of Object.entries({ ...request.input, [unknownMember]: "" })) {
    const override = overrideOf(value)
    if (override === undefined) continue
    const spec = describe(tested, { input: { ...request.input, [member]: override[0] } })
    if (spec !== undefined && !textOf(spec).includes(override[1])) {
      fail(
        `${name}: submit.request does not send the member ${member} of its input as it is. Send every member of the input: the user may have written it.`
      )
    }
  }
}

const checkModels = (context: OperationContext, tested: SubmitCase): void => {
  const { submit, account, request } = tested
  const known = [
    ...Object.keys(submit.models ?? {}),
    ...context.cases.flatMap(({ recording }) => recording.submit?.model ?? [])
  ]
  const allowSlashes = known.some((model) => model.includes("/"))
  const build = (model: string) =>
    toBuiltRequest(account, () => submit.request({ ...request, model }, account.settings))
  const options = { name: "model", allowSlashes }
  const original = build(request.model)
  if (original !== undefined) {
    const similar = unusualIds.map((id) => `${request.model}${id}`)
    checkForm(build, original, similar, options)
  }
  const unknown = build("gentask-model-1") ?? original
  if (unknown !== undefined) checkForm(build, unknown, unusualIds, options)
  for (const model of ["__proto__", "constructor", "toString", ...unusualIds]) {
    for (const call of [
      () => submit.supportedInputs(model),
      () => submit.toInput({ prompt: "A fox" }, model, account.settings),
      () => submit.request({ ...request, model }, account.settings)
    ]) {
      try {
        call()
      } catch (error) {
        if (isCrash(errorMessage(error))) {
          fail(
            `The submit crashes on the model ${JSON.stringify(model)} (${errorMessage(error)}). Use Object.hasOwn to look up a model, and throw an error whose message says what is wrong.`
          )
        }
      }
    }
  }
}

const webhookUrl = "https://hooks.example.com/gentask"

const checkWebhook = (tested: SubmitCase): void => {
  const spec = describe(tested, { webhook: { url: webhookUrl, secret: "gentask-webhook-secret" } })
  if (spec === undefined) return
  if (!textOf(spec).includes(webhookUrl) && !JSON.stringify(spec.headers ?? {}).includes(webhookUrl)) {
    fail(
      `${tested.name}: submit.request ignores the webhook. Send its URL, or throw an error that says that the vendor has no webhooks.`
    )
  }
  if (JSON.stringify([spec.path, spec.query]).includes("gentask-webhook-secret")) {
    fail(
      `${tested.name}: submit.request sends the webhook's secret in the URL. Send it in the body or a header.`
    )
  }
}

const checkLimits = ({ submit, account }: SubmitCase): void => {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0
  for (const { requests, windowMs } of submit.rateLimits?.(account.settings) ?? []) {
    if (!isCount(requests) || !isCount(windowMs)) {
      fail(`submit.rateLimits returns ${requests} requests in ${windowMs} ms. Use positive integers.`)
    }
  }
  const active = submit.maxActiveTasks?.(account.settings)
  if (active !== undefined && !isCount(active)) {
    fail(`submit.maxActiveTasks returns ${active}. Return a positive integer, or undefined for no limit.`)
  }
}

/** The checks of the requests of submits. */
export const submitRequestChecks = (context: OperationContext): ReadonlyArray<Check> => {
  if (context.spec.submit === undefined) return []
  const forEach = (check: (tested: SubmitCase) => void) => () => {
    for (const tested of submitCases(context)) check(tested)
  }
  return [
    { name: "every member of the user's own input is sent", run: forEach(checkOverrides) },
    {
      name: "every model name is encoded or rejected",
      run: forEach((tested) => checkModels(context, tested))
    },
    { name: "the URL of a webhook is sent or rejected", run: forEach(checkWebhook) },
    { name: "the limits of submits are positive integers", run: forEach(checkLimits) }
  ]
}
