import { descendants, jsonType, removed, setAt } from "./JsonNode.ts"
import type { JsonPath } from "./JsonNode.ts"

/** A copy of a body with one changed member. */
export interface BodyMutation {
  readonly path: JsonPath
  /** How the member changed, to follow its path in a sentence: `is missing`. */
  readonly change: string
  readonly body: unknown
  /** Whether the new value could be one of the vendor's. */
  readonly isPlausible: boolean
}

/** A value of each type, none of which is a word or a number that a vendor uses. */
const substitutes: ReadonlyArray<readonly [name: string, value: unknown]> = [
  ["null", null],
  ["a string", "x"],
  ["a number", 7919],
  ["true", true],
  ["an empty array", []],
  ["an empty object", {}]
]

/** Removes each member of a body, and sets it to each other type. Sets numbers to 100, too: a complete progress. */
export function* bodyMutations(body: unknown): Generator<BodyMutation> {
  for (const { path, value } of descendants(body)) {
    const withValue = (substitute: unknown) => setAt(body, path, substitute)
    yield { path, change: "is missing", body: withValue(removed), isPlausible: false }
    for (const [name, substitute] of substitutes) {
      if (jsonType(substitute) === jsonType(value)) continue
      yield { path, change: `is ${name}`, body: withValue(substitute), isPlausible: false }
    }
    if (typeof value === "number" && value !== 100) {
      yield { path, change: "is 100", body: withValue(100), isPlausible: true }
    }
  }
}
