/** Where in an answer the vendor's word for the status stands. */
import { places, put } from "./jsonTree.ts"
import type { Path, Place } from "./jsonTree.ts"
import { tryParseJson } from "@gentask/core/provider"
import { readingOfCase, rehearseCase } from "./replay.ts"
import type { Case, Subject } from "./replay.ts"
import type { SampleResponse } from "@gentask/core/internal"

/** The word's places in one answer of an exchange. */
export interface StatusPlace {
  /** Which answer: 0 is the first one's. */
  readonly index: number
  readonly places: ReadonlyArray<Place>
  /** Whether the snapshot takes the word from there, so that another word there is the snapshot's word. */
  readonly isFollowed: boolean
}

/** A word that no vendor uses; a vendor that counts its statuses gets a number. */
const unheard = "unheard-of"
const unheardNumber = 7919

/** The JSON of an answer's body; undefined where it is none. */
export const jsonOf = ({ body }: SampleResponse): unknown =>
  typeof body === "string" ? tryParseJson(body) : body

/** The answers of a recording with another body in one of them. */
export const withBody = (asking: Case, index: number, body: unknown): ReadonlyArray<SampleResponse> =>
  asking.answers.map((answer, at) => (at === index ? { ...answer, body: JSON.stringify(body) } : answer))

const folded = (value: unknown): string => String(value).trim().toLowerCase()

/** A word in the form of the one that stands in its place. */
const alike = (word: string, old: unknown): unknown => {
  if (typeof old === "boolean" && (word === "true" || word === "false")) return word === "true"
  return typeof old === "number" && /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word
}

/** The answers of a recording with another word in the place of the status. */
export const withWord = (asking: Case, place: StatusPlace, word: string): ReadonlyArray<SampleResponse> => {
  const answer = asking.answers[place.index] as SampleResponse
  const body = place.places.reduce(
    (changed, { path, value }) => put(changed, path, alike(word, value)),
    jsonOf(answer)
  )
  return withBody(asking, place.index, body)
}

/** The word that nobody knows, in the form of the words in a place. */
export const unheardOf = (place: StatusPlace): string =>
  place.places.every(({ value }) => typeof value === "number") ? String(unheardNumber) : unheard

const isFollowed = (subject: Subject, asking: Case, place: StatusPlace): boolean => {
  const reading = rehearseCase(subject, asking, withWord(asking, place, unheardOf(place)))
  return reading._tag === "Snapshot" && folded(reading.snapshot.rawStatus ?? "") === unheardOf(place)
}

/** The members of an answer that are a word. */
const placesOf = (answer: SampleResponse, word: string): ReadonlyArray<Place> => {
  const all = places(jsonOf(answer)).filter(({ value }) => value !== null && typeof value !== "object")
  const exact = all.filter(({ value }) => String(value) === word)
  return exact.length > 0 ? exact : all.filter(({ value }) => folded(value) === folded(word))
}

/**
 * Finds the place of a recording's status: the one member that the snapshot's word follows, else all that are that word.
 * Undefined where there is no word, or where it stands nowhere in the answers.
 */
export const statusPlace = (subject: Subject, asking: Case): StatusPlace | undefined => {
  const reading = readingOfCase(subject, asking)
  const word = reading._tag === "Snapshot" ? reading.snapshot.rawStatus : null
  if (word === null) return undefined
  const found = asking.answers
    .map((answer, index): StatusPlace => ({ index, places: placesOf(answer, word), isFollowed: false }))
    .filter((place) => place.places.length > 0)
    .toReversed()
  const candidates = found.flatMap((place) => [
    ...place.places.map((single) => ({ ...place, places: [single] })),
    place
  ])
  const followed = candidates.find((place) => isFollowed(subject, asking, place))
  return followed === undefined ? found[0] : { ...followed, isFollowed: true }
}

/** Tells whether a change at a path of an answer takes the status's word away. */
export const holdsStatus = (place: StatusPlace | undefined, index: number, path: Path): boolean =>
  place?.index === index &&
  place.places.some((each) => path.every((name, depth) => name === each.path[depth]))
