/** The members of a JSON value at any depth, including those of JSON inside strings. */
import { tryParseJson } from "@gentask/core/provider"

/** A path segment between a string and the JSON inside it. */
export const embeddedJson: unique symbol = Symbol("embeddedJson")
/** Pass it to `setAt` as the new value to remove a member. */
export const removed: unique symbol = Symbol("removed")

/** The path of a member. */
export type JsonPath = ReadonlyArray<string | number | typeof embeddedJson>

/** A member of a JSON value. */
export interface JsonNode {
  readonly path: JsonPath
  readonly value: unknown
}

type Container = ReadonlyArray<unknown> | Readonly<Record<string, unknown>>

/** Returns the type of a JSON value, as JSON Schema names it. */
export const jsonType = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value

/** Returns whether a value is an object or an array. */
export const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null

/** Parses a string that contains a JSON object or array. */
const parseEmbedded = (text: string): Container | undefined => {
  const value = /^\s*[[{]/.test(text) ? tryParseJson(text) : undefined
  return isContainer(value) ? value : undefined
}

/** All descendants of a value in pre-order. The value itself is not included. */
export const descendants = (value: unknown, path: JsonPath = []): ReadonlyArray<JsonNode> => {
  if (typeof value === "string") {
    const embedded = parseEmbedded(value)
    return embedded === undefined ? [] : descendants(embedded, [...path, embeddedJson])
  }
  if (!isContainer(value)) return []
  const names = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return names.flatMap((name) => {
    const node = { path: [...path, name], value: (value as Record<string | number, unknown>)[name] }
    return [node, ...descendants(node.value, node.path)]
  })
}

/** All objects in a value, itself included. */
export const objectsIn = (value: unknown): ReadonlyArray<JsonNode> => {
  const nodes = [{ path: [], value }, ...descendants(value)]
  const embedded = nodes.flatMap((node): ReadonlyArray<JsonNode> => {
    const inner = typeof node.value === "string" ? parseEmbedded(node.value) : undefined
    return inner === undefined ? [] : [{ path: [...node.path, embeddedJson], value: inner }]
  })
  return [...nodes, ...embedded].filter((node) => isContainer(node.value) && !Array.isArray(node.value))
}

/** Returns a copy of a value with one member set or, if `member` is `removed`, without it. */
export const setAt = (value: unknown, [name, ...rest]: JsonPath, member: unknown): unknown => {
  if (name === undefined) return member
  if (name === embeddedJson) return JSON.stringify(setAt(parseEmbedded(String(value)), rest, member))
  const changed =
    rest.length === 0 ? member : setAt((value as Record<string | number, unknown>)[name], rest, member)
  if (Array.isArray(value)) {
    return changed === removed
      ? value.filter((_, index) => index !== name)
      : value.with(Number(name), changed)
  }
  const entries = new Map(Object.entries(value as Readonly<Record<string, unknown>>))
  if (changed === removed) entries.delete(String(name))
  else entries.set(String(name), changed)
  return Object.fromEntries(entries)
}

/** Formats a path for a message: `data.outputs.0.url`. */
export const formatPath = (path: JsonPath): string =>
  path.length === 0
    ? "the whole body"
    : path.map((name) => (name === embeddedJson ? "(JSON)" : String(name))).join(".")
