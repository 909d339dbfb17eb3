/** Queries of a provider on recorded responses, without any I/O. */
import { isDeepStrictEqual } from "node:util"
import { TaskRef } from "@gentask/core"
import {
  buildRequest,
  decodeResponse,
  followUpDecoder,
  makeTaskQuery,
  queryDecoder,
  resolveAccount,
  resolveUrl,
  toReceivedResponse
} from "@gentask/core/internal"
import type { DecodedResponse, SampleResponse, TaskQuery } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import type { HttpRequest, ProviderSpec, TaskStatus } from "@gentask/core/provider"
import type { ProviderContext, QueryTarget, RecordedCase, TestContext } from "./TestContext.ts"

/** The result of a replayed query. */
export interface Replay {
  readonly decoded: DecodedResponse
  /** The requests that the provider built, without the credentials. */
  readonly requests: ReadonlyArray<HttpRequest>
}

/**
 * Builds the query of a target.
 *
 * @throws {Error} If the ref or the account is invalid.
 */
export const buildQuery = ({ spec, apiKey }: ProviderContext, { ref, account }: QueryTarget): TaskQuery => {
  const parsed = TaskRef.parse(ref)
  return makeTaskQuery(
    parsed,
    resolveAccount(configureAccount(spec, { account: parsed.account, ...account, apiKey }))
  )
}

/** Builds the first request of a query, without the credentials. */
export const buildUnsignedRequest = (query: TaskQuery): HttpRequest =>
  resolveUrl(query, buildRequest(query, query.account.spec.query))

/** Decodes the responses one after the other, as long as the provider needs a follow-up request. */
export const replay = (query: TaskQuery, responses: ReadonlyArray<SampleResponse>): Replay => {
  const requests = [buildUnsignedRequest(query)]
  const [first = { body: "" }, ...further] = responses
  let decoded = decodeResponse(query, queryDecoder(query), toReceivedResponse(first))
  for (const response of further) {
    if (decoded._tag !== "FollowUp") break
    const { followUp } = decoded
    requests.push(resolveUrl(query, followUp.request))
    decoded = decodeResponse(query, followUpDecoder(followUp), toReceivedResponse(response))
  }
  if (decoded._tag === "FollowUp") requests.push(resolveUrl(query, decoded.followUp.request))
  return { decoded, requests }
}

const cachedQueries = new WeakMap<ProviderSpec, WeakMap<QueryTarget, TaskQuery>>()

/** The query of a recording. A recording is replayed with hundreds of responses, so that its query is cached. */
const cachedQuery = (context: ProviderContext, recorded: RecordedCase): TaskQuery => {
  const ofSpec = cachedQueries.get(context.spec) ?? new WeakMap<QueryTarget, TaskQuery>()
  cachedQueries.set(context.spec, ofSpec)
  const query = ofSpec.get(recorded) ?? buildQuery(context, recorded)
  ofSpec.set(recorded, query)
  return query
}

/** Replays a recording with other responses and returns the decoded result. */
export const replayCase = (
  context: ProviderContext,
  recorded: RecordedCase,
  responses: ReadonlyArray<SampleResponse>
): DecodedResponse => replay(cachedQuery(context, recorded), responses).decoded

const cachedResults = new WeakMap<RecordedCase, DecodedResponse>()

/** Replays a recording as it is. The result is cached. */
export const decodeCase = (context: TestContext, recorded: RecordedCase): DecodedResponse => {
  const decoded = cachedResults.get(recorded) ?? replayCase(context, recorded, recorded.responses)
  cachedResults.set(recorded, decoded)
  return decoded
}

/** Returns the task's status, or undefined if the response does not report it. */
export const statusOf = (decoded: DecodedResponse): TaskStatus | undefined =>
  decoded._tag === "Snapshot" ? decoded.snapshot.status : undefined

/** Names a decoded response in a message: a status, the tag of an error, or `a follow-up request`. */
export const nameOf = (decoded: DecodedResponse): string => {
  if (decoded._tag === "Snapshot") return decoded.snapshot.status
  return decoded._tag === "Error" ? decoded.reason._tag : "a follow-up request"
}

/** Returns whether a recording has exactly this first response, so that its result is the vendor's decision. */
export const isRecorded = ({ cases }: TestContext, status: number, body: unknown): boolean =>
  cases.some(
    ({ responses: [response] }) =>
      (response?.status ?? 200) === status && isDeepStrictEqual(response?.body, body)
  )
