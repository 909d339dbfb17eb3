/** Whether answers of a shape that no document shows are read with care. */
import { isDeepStrictEqual } from "node:util"
import { isTerminal } from "@gentask/core/internal"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import { difference } from "../difference.ts"
import { meaningOf } from "../Expectation.ts"
import { objects, places, put, removed, showPath } from "../jsonTree.ts"
import type { Place } from "../jsonTree.ts"
import type { SampleResponse } from "@gentask/core/internal"
import { nameOf, questionOf, readingOfCase, rehearse, rehearseCase, statusOf } from "../replay.ts"
import type { Case, Subject } from "../replay.ts"
import { holdsStatus, jsonOf, statusPlace, withBody } from "../statusPath.ts"
import { pureAdvice, supervise } from "../supervise.ts"
import type { Supervised } from "../supervise.ts"

const failIfBreached = ({ breaches }: Supervised, answer: string): void => {
  const thrown = breaches.find(({ kind, where }) => kind === "throws" && where !== "query.request")
  if (thrown !== undefined) {
    fail(
      `${thrown.where} throws on ${answer}: ${thrown.what}. Look at what is there before using it: an odd answer is a fault, and never a crash.`
    )
  }
  const impure = breaches.find(({ kind }) => kind === "impure")
  if (impure !== undefined) fail(`${impure.where} ${impure.what} on ${answer}. ${pureAdvice}`)
}

/** Whether a recording shows this very answer, so that its meaning stands. */
export const isRecorded = ({ cases }: Subject, status: number, body: unknown): boolean =>
  cases.some(
    ({ answers: [answer] }) => (answer?.status ?? 200) === status && isDeepStrictEqual(answer?.body, body)
  )

const wrongShapes: ReadonlyArray<unknown> = [null, [], "x", 3, true, {}]

const checkWrongShapes = (subject: Subject): void => {
  for (const asking of subject.askings) {
    const supervised = supervise(subject.spec)
    const question = questionOf({ ...subject, spec: supervised.spec }, asking)
    for (const body of wrongShapes) {
      const text = JSON.stringify(body)
      const read = (status: number) => rehearse(question, [{ status, body: text }]).interpretation
      const reading = read(200)
      read(400)
      read(500)
      failIfBreached(supervised, `the answer ${text}`)
      const isUnexpected = reading._tag === "Error" && reading.reason._tag === "UnexpectedResponse"
      if (!isUnexpected && !isRecorded(subject, 200, body)) {
        fail(
          `The answer ${text} is taken for ${nameOf(reading)}, and it tells nothing. Answer the fault UnexpectedResponse, with the path of what is missing.`
        )
      }
    }
  }
}

const checkWrongFollowUps = (subject: Subject): void => {
  for (const asking of subject.cases) {
    const supervised = supervise(subject.spec)
    for (const index of asking.answers.keys()) {
      for (const body of index === 0 ? [] : wrongShapes) {
        rehearseCase({ ...subject, spec: supervised.spec }, asking, withBody(asking, index, body))
        failIfBreached(supervised, `the follow-up's answer ${JSON.stringify(body)}`)
      }
    }
  }
}

/** A value of each type, none of which is a word or a number that a vendor uses. */
const substitutes: ReadonlyArray<readonly [what: string, value: unknown]> = [
  ["null", null],
  ["a text", "x"],
  ["a number", 7919],
  ["true", true],
  ["an empty list", []],
  ["an empty object", {}]
]
const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value

/** A body with one odd member. */
interface Mutant {
  readonly place: Place
  /** `is left out` */
  readonly what: string
  readonly body: unknown
  /** Whether the member could still be a word or a number of the vendor's. */
  readonly isPlausible: boolean
}

/** Each member of a body, once left out and once in each other type; a number also as 100, a progress that is full. */
function* mutants(body: unknown): Generator<Mutant> {
  for (const place of places(body)) {
    yield { place, what: "is left out", body: put(body, place.path, removed), isPlausible: false }
    for (const [what, value] of substitutes) {
      if (typeOf(value) === typeOf(place.value)) continue
      yield { place, what: `is ${what}`, body: put(body, place.path, value), isPlausible: false }
    }
    if (typeof place.value !== "number" || place.value === 100) continue
    yield { place, what: "is 100", body: put(body, place.path, 100), isPlausible: true }
  }
}

/** Whether the recordings show a word with more than one status, so that something else decides. */
const isAmbiguous = (subject: Subject, word: string): boolean => {
  const statuses = subject.cases.map((asking) => {
    const reading = readingOfCase(subject, asking)
    return reading._tag === "Snapshot" && reading.snapshot.rawStatus === word
      ? reading.snapshot.status
      : undefined
  })
  return new Set(statuses.filter((status) => status !== undefined)).size > 1
}

const checkMutants = (subject: Subject, asking: Case): void => {
  const recorded = readingOfCase(subject, asking)
  const word = recorded._tag === "Snapshot" ? recorded.snapshot.rawStatus : null
  const before = word === null || isAmbiguous(subject, word) ? undefined : statusOf(recorded)
  const place = statusPlace(subject, asking)
  const supervised = supervise(subject.spec)
  asking.answers.forEach((answer, index) => {
    for (const mutant of mutants(jsonOf(answer))) {
      const { path } = mutant.place
      const odd = `an answer whose member ${showPath(path)} ${mutant.what}`
      const reading = rehearseCase(
        { ...subject, spec: supervised.spec },
        asking,
        withBody(asking, index, mutant.body)
      )
      failIfBreached(supervised, odd)
      const after = statusOf(reading)
      if (before === undefined || after === undefined || after === before || !isTerminal(after)) continue
      if ((isTerminal(before) || mutant.isPlausible) && holdsStatus(place, index, path)) continue
      fail(
        `The task is ${before} by its word ${JSON.stringify(word)}, and ${odd} makes it ${after}. Let the word decide; where something beside it does, record an answer that shows it.`
      )
    }
  })
}

/** An unknown member of the type that all the others of its object have, should they be a vendor's own names. */
const foreignOf = (object: object): unknown => {
  const types = new Set(Object.values(object).map(typeOf))
  const [type = "mixed"] = types.size === 1 ? types : []
  const empty: Readonly<Record<string, unknown>> = {
    string: "",
    number: 0,
    boolean: false,
    array: [],
    null: null
  }
  return type in empty ? empty[type] : { unknown: ["x"] }
}

const addForeign = (body: unknown, { path, value }: Place): unknown =>
  put(body, [...path, "gentask_unknown_member"], foreignOf(value as object))

const checkForeign = (subject: Subject, asking: Case): void => {
  const read = (answers: ReadonlyArray<SampleResponse>): unknown => {
    const reading = rehearseCase(subject, asking, answers)
    return reading._tag === "FollowUp" ? nameOf(reading) : meaningOf(reading, 200)
  }
  const before = read(asking.answers)
  asking.answers.forEach((answer, index) => {
    const body = jsonOf(answer)
    const all = objects(body)
    const readWith = (added: ReadonlyArray<Place>) =>
      read(withBody(asking, index, added.reduce(addForeign, body)))
    if (isDeepStrictEqual(readWith(all), before)) return
    const place = all.find((each) => !isDeepStrictEqual(readWith([each]), before))
    const where = place === undefined || place.path.length === 0 ? "" : ` in ${showPath(place.path)}`
    fail(
      `A member that nobody knows${where} changes what the answer means; vendors add members at any time. Let the schema pass it over.\n${difference(readWith(place === undefined ? all : [place]), before)}`
    )
  })
}

/** The checks of odd shapes. */
export const shapeChecks = (subject: Subject): ReadonlyArray<Check> => [
  {
    name: "an answer of the wrong shape is not understood, and nothing throws",
    run: () => {
      checkWrongShapes(subject)
      checkWrongFollowUps(subject)
    }
  },
  ...subject.cases.flatMap((asking) => [
    {
      name: `${asking.name}: one odd member neither throws nor ends the task otherwise`,
      run: () => checkMutants(subject, asking)
    },
    {
      name: `${asking.name}: members that nobody knows change nothing`,
      run: () => checkForeign(subject, asking)
    }
  ])
]
