/** A provider rehearsed on recordings: what it asks, and what it makes of an answer, without any I/O. */
import { interpret, readingOf, readingOfFollowUp } from "@gentask/core/internal"
import type { Interpretation } from "@gentask/core/internal"
import { address, describe, makeQuestion } from "@gentask/core/internal"
import type { Question } from "@gentask/core/internal"
import { resolveAccount } from "@gentask/core/internal"
import { configure } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core/provider"
import type { FinishedRequest } from "@gentask/core/provider"
import { TaskRef } from "@gentask/core"
import type { TaskStatus } from "@gentask/core/provider"
import { toAnswer } from "@gentask/core/internal"
import { sentenceOf } from "./Check.ts"
import type { RecordedAnswer } from "@gentask/core/internal"
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
  readonly answers: ReadonlyArray<RecordedAnswer>
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
  readonly interpretation: Interpretation
  /** What was asked, without the credentials. */
  readonly requests: ReadonlyArray<FinishedRequest>
}

/**
 * Puts a task and its account together.
 *
 * @throws {Error} with the sentence that says what is wrong with the ref or the options
 */
export const questionOf = (
  { spec, apiKey }: Pick<Subject, "spec" | "apiKey">,
  { ref, options }: Asking
): Question => {
  const read = TaskRef.parse(ref)
  return makeQuestion(read, resolveAccount(configure(spec, { account: read.account, ...options, apiKey })))
}

/** The request that a question makes, without the credentials. */
export const requestOf = (question: Question): FinishedRequest =>
  address(question, describe(question, question.account.spec.query))

/** Asks, and reads answers one after the other for as long as the provider needs one more. */
export const rehearse = (question: Question, answers: ReadonlyArray<RecordedAnswer>): Rehearsed => {
  const requests = [requestOf(question)]
  const [first, ...further] = answers
  let interpretation = interpret(question, readingOf(question), toAnswer(first ?? { body: "" }))
  for (const answer of further) {
    if (interpretation._tag !== "FollowUp") break
    const { exchange } = interpretation
    requests.push(address(question, exchange.request))
    interpretation = interpret(question, readingOfFollowUp(exchange), toAnswer(answer))
  }
  if (interpretation._tag === "FollowUp") requests.push(address(question, interpretation.exchange.request))
  return { interpretation, requests }
}

const questions = new WeakMap<ProviderSpec, WeakMap<Asking, Question>>()

/** The question of a recording, which is put together once for its many answers. */
const questionOfCase = (subject: Pick<Subject, "spec" | "apiKey">, asking: Case): Question => {
  const known = questions.get(subject.spec) ?? new WeakMap<Asking, Question>()
  questions.set(subject.spec, known)
  const question = known.get(asking) ?? questionOf(subject, asking)
  known.set(asking, question)
  return question
}

/** Rehearses a recording, as it is or with other answers. */
export const rehearseCase = (
  subject: Pick<Subject, "spec" | "apiKey">,
  asking: Case,
  answers: ReadonlyArray<RecordedAnswer> = asking.answers
): Interpretation => rehearse(questionOfCase(subject, asking), answers).interpretation

const asRecorded = new WeakMap<Case, Interpretation>()

/** What a recording's answer means to the provider now. */
export const readingOfCase = (subject: Subject, asking: Case): Interpretation => {
  const known = asRecorded.get(asking)
  if (known !== undefined) return known
  const reading = rehearseCase(subject, asking)
  asRecorded.set(asking, reading)
  return reading
}

/** Where an answer leaves the task; undefined where it tells nothing of it. */
export const statusOf = (interpretation: Interpretation): TaskStatus | undefined =>
  interpretation._tag === "Snapshot" ? interpretation.snapshot.status : undefined

/** An answer in words: a status, or a fault's name. */
export const nameOf = (interpretation: Interpretation): string =>
  interpretation._tag === "Snapshot"
    ? interpretation.snapshot.status
    : interpretation._tag === "Fault"
      ? interpretation.fault._tag
      : "one more request"

const toAnswers = ({ answer, then = [], at }: Recording): ReadonlyArray<RecordedAnswer> =>
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
