import { TaskRef } from "@gentask/core"
import type { SampleResponse } from "@gentask/core/internal"
import type { ProviderSpec } from "@gentask/core/provider"
import { errorMessage } from "../errorMessage.ts"
import { lowerCaseHeaders } from "../recording/lowerCaseHeaders.ts"
import type { Recording } from "../recording/Recording.ts"
import { buildQuery, buildUnsignedRequest } from "./replay.ts"
import type { AccountConfig, ProviderContext, QueryTarget, RecordedCase, TestContext } from "./TestContext.ts"

/** A recording whose request cannot be built. */
export interface RejectedRecording {
  /** The name of its file. */
  readonly name: string
  readonly problem: string
}

const toResponses = ({ answer, then = [], at }: Recording): ReadonlyArray<SampleResponse> =>
  [answer, ...then.map((followUp) => followUp.answer)].map(({ status, headers = {}, body }) => ({
    status,
    headers: lowerCaseHeaders(headers),
    body,
    at: at === undefined ? 0 : Date.parse(at)
  }))

/** Adds an endpoint to an account without one: that of the ref's account, the default one, or the first one. */
export const withEndpoint = (spec: ProviderSpec, ref: string, account: AccountConfig): AccountConfig => {
  if (account["endpoint"] !== undefined || account["baseUrl"] !== undefined) return account
  const name = /^[^:]*@([^:]*):/.exec(ref)?.[1] ?? ""
  const [first] = Object.keys(spec.endpoints)
  return {
    endpoint: Object.hasOwn(spec.endpoints, name) ? name : (spec.defaultEndpoint ?? first),
    ...account
  }
}

const isRefOf = (spec: ProviderSpec, ref: string): boolean => {
  try {
    return TaskRef.parse(ref).provider === spec.id
  } catch {
    return false
  }
}

/** Returns why the request of a target cannot be built, or undefined. */
const problemOf = (context: ProviderContext, target: QueryTarget): string | undefined => {
  const { id } = context.spec
  try {
    const { provider } = TaskRef.parse(target.ref)
    if (provider !== id) {
      return `${target.ref} is a task of ${provider}, but this provider is ${id}. Correct the recording's ref.`
    }
    buildUnsignedRequest(buildQuery(context, target))
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}

const distinct = (targets: ReadonlyArray<QueryTarget>): ReadonlyArray<QueryTarget> => [
  ...new Map(targets.map(({ ref, account }) => [JSON.stringify([ref, account]), { ref, account }])).values()
]

/** Creates the context of the checks. It leaves out every recording whose request cannot be built. */
export const createTestContext = (
  provider: ProviderContext,
  recordings: ReadonlyArray<Pick<RecordedCase, "name" | "path" | "recording">>,
  defaults: AccountConfig
): { readonly context: TestContext; readonly rejected: ReadonlyArray<RejectedRecording> } => {
  const { spec } = provider
  const toTarget = (ref: string, account: AccountConfig = {}): QueryTarget => ({
    ref,
    account: withEndpoint(spec, ref, { ...defaults, ...account })
  })
  const refs = (spec.examples ?? []).filter((ref) => isRefOf(spec, ref))
  const examples = refs.map((ref) => toTarget(ref))
  const cases: Array<RecordedCase> = []
  const rejected: Array<RejectedRecording> = []
  for (const file of recordings) {
    const { ref = refs[0] ?? `${spec.id}:1`, account } = file.recording
    const recorded = { ...file, ...toTarget(ref, account), responses: toResponses(file.recording) }
    const problem = problemOf(provider, recorded)
    if (problem === undefined) cases.push(recorded)
    else rejected.push({ name: file.name, problem })
  }
  const usable = examples.filter((target) => problemOf(provider, target) === undefined)
  return { context: { ...provider, cases, examples, targets: distinct([...usable, ...cases]) }, rejected }
}
