/** A provider rehearsed on recordings: what it asks, and what it makes of an answer, without any I/O. */
import { decodeResponse, queryDecoder, followUpDecoder } from "@gentask/core/internal"
import type { DecodedResponse } from "@gentask/core/internal"
import { resolveUrl, buildRequest, makeTaskQuery } from "@gentask/core/internal"
import type { TaskQuery } from "@gentask/core/internal"
import { resolveAccount } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core/provider"
import type { HttpRequest } from "@gentask/core/provider"
import { TaskRef } from "@gentask/core"
import type { TaskStatus } from "@gentask/core/provider"
import { toReceivedResponse } from "@gentask/core/internal"
import { sentenceOf } from "./Check.ts"
import type { SampleResponse } from "@gentask/core/internal"
import type { Recording } from "./Recording.ts"

/** The options of an account, settings among them, without the key. */
export type Options = Readonly<Record<string, unknown>>

/** A task to ask about, and the account that asks. */
export interface Asking {
  readonly ref: string
  readonly options: Options
}

/** A recording, ready to be rehearsed. */
export interface Case extends Asking {
  /** Its file: `done.json`. */
  readonly name: string
  readonly path: string
  readonly recording: Recording
  /** What was answered: to the first request, and to each further one. */
  readonly answers: ReadonlyArray<SampleResponse>
}

/** What is checked. */
export interface Subject {
  readonly spec: ProviderSpec
  readonly apiKey: string
  /** The recordings whose tasks can be asked about. */
  readonly cases: ReadonlyArray<Case>
  /** The spec's examples, as far as they are refs of the provider. */
  readonly examples: ReadonlyArray<Asking>
  /** Everything that can be asked about, once: examples, and then recordings. */
  readonly askings: ReadonlyArray<Asking>
}

/** What came of an exchange. */
export interface Rehearsed {
  readonly interpretation: DecodedResponse
  /** What was asked, without the credentials. */
  readonly requests: ReadonlyArray<HttpRequest>
}

/**
 * Puts a task and its account together.
 *
 * @throws {Error} with the sentence that says what is wrong with the ref or the options
 */
export const questionOf = (
  { spec, apiKey }: Pick<Subject, "spec" | "apiKey">,
  { ref, options }: Asking
): TaskQuery => {
  const read = TaskRef.parse(ref)
  return makeTaskQuery(
    read,
    resolveAccount(configureAccount(spec, { account: read.account, ...options, apiKey }))
  )
}

/** The request that a question makes, without the credentials. */
export const requestOf = (question: TaskQuery): HttpRequest =>
  resolveUrl(question, buildRequest(question, question.account.spec.query))

/** Asks, and reads answers one after the other for as long as the provider needs one more. */
export const rehearse = (question: TaskQuery, answers: ReadonlyArray<SampleResponse>): Rehearsed => {
  const requests = [requestOf(question)]
  const [first, ...further] = answers
  let interpretation = decodeResponse(
    question,
    queryDecoder(question),
    toReceivedResponse(first ?? { body: "" })
  )
  for (const answer of further) {
    if (interpretation._tag !== "FollowUp") break
    const { followUp: exchange } = interpretation
    requests.push(resolveUrl(question, exchange.request))
    interpretation = decodeResponse(question, followUpDecoder(exchange), toReceivedResponse(answer))
  }
  if (interpretation._tag === "FollowUp") requests.push(resolveUrl(question, interpretation.followUp.request))
  return { interpretation, requests }
}

const questions = new WeakMap<ProviderSpec, WeakMap<Asking, TaskQuery>>()

/** The question of a recording, which is put together once for its many answers. */
const questionOfCase = (subject: Pick<Subject, "spec" | "apiKey">, asking: Case): TaskQuery => {
  const known = questions.get(subject.spec) ?? new WeakMap<Asking, TaskQuery>()
  questions.set(subject.spec, known)
  const question = known.get(asking) ?? questionOf(subject, asking)
  known.set(asking, question)
  return question
}

/** Rehearses a recording, as it is or with other answers. */
export const rehearseCase = (
  subject: Pick<Subject, "spec" | "apiKey">,
  asking: Case,
  answers: ReadonlyArray<SampleResponse> = asking.answers
): DecodedResponse => rehearse(questionOfCase(subject, asking), answers).interpretation

const asRecorded = new WeakMap<Case, DecodedResponse>()

/** What a recording's answer means to the provider now. */
export const readingOfCase = (subject: Subject, asking: Case): DecodedResponse => {
  const known = asRecorded.get(asking)
  if (known !== undefined) return known
  const reading = rehearseCase(subject, asking)
  asRecorded.set(asking, reading)
  return reading
}

/** Where an answer leaves the task; undefined where it tells nothing of it. */
export const statusOf = (interpretation: DecodedResponse): TaskStatus | undefined =>
  interpretation._tag === "Snapshot" ? interpretation.snapshot.status : undefined

/** An answer in words: a status, or a fault's name. */
export const nameOf = (interpretation: DecodedResponse): string =>
  interpretation._tag === "Snapshot"
    ? interpretation.snapshot.status
    : interpretation._tag === "Error"
      ? interpretation.reason._tag
      : "one more request"

const toAnswers = ({ answer, then = [], at }: Recording): ReadonlyArray<SampleResponse> =>
  [answer, ...then.map((next) => next.answer)].map(({ status, headers = {}, body }) => ({
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body,
    at: at === undefined ? 0 : Date.parse(at)
  }))

/** An account's options: those that are given, at the endpoint that the ref's account names, else at the first one. */
const toOptions = (spec: ProviderSpec, ref: string, given: Options): Options => {
  if (given["endpoint"] !== undefined || given["baseUrl"] !== undefined) return given
  const account = /^[^:]*@([^:]*):/.exec(ref)?.[1] ?? ""
  const [first] = Object.keys(spec.endpoints)
  return {
    endpoint: Object.hasOwn(spec.endpoints, account) ? account : (spec.defaultEndpoint ?? first),
    ...given
  }
}

const isRefOf = (spec: ProviderSpec, ref: string): boolean => {
  try {
    return TaskRef.parse(ref).provider === spec.id
  } catch {
    return false
  }
}

/** Why a task cannot be asked about, if it cannot. */
const refusalOf = (subject: Pick<Subject, "spec" | "apiKey">, asking: Asking): string | undefined => {
  try {
    const { provider } = TaskRef.parse(asking.ref)
    if (provider !== subject.spec.id) {
      return `${asking.ref} is a task of ${provider}, and this is ${subject.spec.id}. Mend the recording's ref.`
    }
    requestOf(questionOf(subject, asking))
    return undefined
  } catch (error) {
    return sentenceOf(error)
  }
}

const distinct = (askings: ReadonlyArray<Asking>): ReadonlyArray<Asking> => [
  ...new Map(askings.map(({ ref, options }) => [JSON.stringify([ref, options]), { ref, options }])).values()
]

/** Makes the subject of the checks; what cannot be asked about is left out of it, recordings with the reason why. */
export const makeSubject = (
  spec: ProviderSpec,
  recorded: ReadonlyArray<Pick<Case, "name" | "path" | "recording">>,
  apiKey: string,
  account: Options
): {
  readonly subject: Subject
  readonly refused: ReadonlyArray<{ readonly name: string; readonly why: string }>
} => {
  const refs = Array.isArray(spec.examples) ? spec.examples.filter((ref) => isRefOf(spec, ref)) : []
  const toAsking = (ref: string, options: Options = {}): Asking => ({
    ref,
    options: toOptions(spec, ref, { ...account, ...options })
  })
  const examples = refs.map((ref) => toAsking(ref))
  const all = recorded.map((each): Case => {
    const { ref = refs[0] ?? `${spec.id}:1`, account: options } = each.recording
    return { ...each, ...toAsking(ref, options), answers: toAnswers(each.recording) }
  })
  const why = (asking: Asking) => refusalOf({ spec, apiKey }, asking)
  const cases = all.filter((asking) => why(asking) === undefined)
  const askings = [...examples.filter((asking) => why(asking) === undefined), ...cases]
  return {
    subject: { spec, apiKey, cases, examples, askings: distinct(askings) },
    refused: all.flatMap((asking) => {
      const reason = why(asking)
      return reason === undefined ? [] : [{ name: asking.name, why: reason }]
    })
  }
}
