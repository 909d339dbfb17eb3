/** The members of a JSON value, at any depth and also of JSON inside its texts, and copies with one of them changed. */
import { tryParseJson } from "@gentask/core/provider"

/** Stands in a path between a text and what the JSON in it holds. */
export const packed: unique symbol = Symbol("packed")
/** Takes a member away, where it is given for the member's new value. */
export const removed: unique symbol = Symbol("removed")

/** Where a member is. */
export type Path = ReadonlyArray<string | number | typeof packed>

/** A member: where it is, and what it is. */
export interface Place {
  readonly path: Path
  readonly value: unknown
}

type Branch = ReadonlyArray<unknown> | Readonly<Record<string, unknown>>

/** Tells whether a value is an object or an array. */
export const isBranch = (value: unknown): value is Branch => typeof value === "object" && value !== null

/** The object or array that a text holds as JSON. */
const unpack = (text: string): Branch | undefined => {
  const value = /^\s*[[{]/.test(text) ? tryParseJson(text) : undefined
  return isBranch(value) ? value : undefined
}

/** All members of a value, each before its own members; the value itself is none. */
export const places = (value: unknown, at: Path = []): ReadonlyArray<Place> => {
  if (typeof value === "string") {
    const inner = unpack(value)
    return inner === undefined ? [] : places(inner, [...at, packed])
  }
  if (!isBranch(value)) return []
  const names = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return names.flatMap((name) => {
    const path = [...at, name]
    const member = (value as Readonly<Record<string | number, unknown>>)[name]
    return [{ path, value: member }, ...places(member, path)]
  })
}

/** The objects of a value, itself among them. */
export const objects = (value: unknown): ReadonlyArray<Place> => {
  const all = places(value)
  const inPacked = all.flatMap(({ path, value: text }): ReadonlyArray<Place> => {
    const inner = typeof text === "string" ? unpack(text) : undefined
    return inner === undefined ? [] : [{ path: [...path, packed], value: inner }]
  })
  return [{ path: [], value }, ...all, ...inPacked].filter(
    (place) => isBranch(place.value) && !Array.isArray(place.value)
  )
}

/** A copy of a value whose member at a path is another one, or `removed`. */
export const put = (value: unknown, [name, ...rest]: Path, member: unknown): unknown => {
  if (name === undefined) return member
  if (name === packed) return JSON.stringify(put(unpack(String(value)), rest, member))
  const old = (value as Readonly<Record<string | number, unknown>>)[name]
  const changed = rest.length === 0 ? member : put(old, rest, member)
  if (Array.isArray(value)) {
    return changed === removed
      ? value.filter((_, index) => index !== name)
      : value.with(Number(name), changed)
  }
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  if (changed === removed) return Object.fromEntries(entries.filter(([key]) => key !== name))
  return Object.hasOwn(value as object, name)
    ? Object.fromEntries(entries.map(([key, each]) => [key, key === name ? changed : each]))
    : Object.fromEntries([...entries, [name, changed]])
}

/** A path as people write it: `data.outputs.0.url`. */
export const showPath = (path: Path): string =>
  path.length === 0
    ? "the whole"
    : path.map((name) => (name === packed ? "(its JSON)" : String(name))).join(".")
