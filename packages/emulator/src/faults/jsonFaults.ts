/** Turns a correct JSON response into an incorrect one. */
import { concatenate, repeatByte } from "../ByteSource.ts"
import { isRecord, parseJson } from "../json.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { ResponseFault } from "./QueryFault.ts"

type Shape = NonNullable<Extract<ResponseFault, { fault: "wrong-shape" }>["as"]>

const textOf = ({ body }: WireResponse): string => (typeof body === "string" ? body : "{}")

/** The value with the type of every scalar changed. Null stays, since any field may be null. */
const changeTypes = (value: unknown): unknown => {
  if (Array.isArray(value)) return { items: value.map(changeTypes) }
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, changeTypes(member)]))
  }
  if (typeof value === "string") return { text: value }
  if (typeof value === "number") return [value]
  return value === null ? null : "yes"
}

const changeNestedTypes = (value: unknown): unknown => {
  if (!isRecord(value) || !isRecord(value["data"])) return changeTypes(value)
  return { ...value, data: changeTypes(value["data"]) }
}

const parse = (response: WireResponse): unknown => {
  try {
    return parseJson(textOf(response))
  } catch {
    return {}
  }
}

const shapes: Record<Shape, (response: WireResponse) => unknown> = {
  array: (response) => [parse(response)],
  string: (response) => textOf(response),
  number: () => 42,
  boolean: () => true,
  null: () => null,
  nested: (response) => changeNestedTypes(parse(response))
}

/** The response with JSON of another type. */
export const withWrongShape = (response: WireResponse, as: Shape = "array"): WireResponse => ({
  ...response,
  body: JSON.stringify(shapes[as](response))
})

/** The response with a byte order mark before its JSON. */
export const withByteOrderMark = (response: WireResponse): WireResponse => ({
  ...response,
  body: `\uFEFF${textOf(response)}`
})

/** The response without the last characters of its JSON, and with a matching Content-Length. */
export const withInvalidJson = (response: WireResponse): WireResponse => {
  const text = textOf(response)
  return { ...response, body: text.slice(0, Math.max(1, text.length - 2)) }
}

const million = 1_000_000

/** The response with an additional field of this size. */
export const withHugeField = (
  response: WireResponse,
  megabytes: number,
  framing: "length" | "chunked"
): WireResponse => {
  const text = textOf(response).trimEnd()
  const hasFields = text.startsWith("{") && text.endsWith("}") && text !== "{}"
  const start = hasFields ? `${text.slice(0, -1)},` : "{"
  const padding = repeatByte(0x78, Math.round(megabytes * million))
  return {
    ...response,
    body: concatenate([Buffer.from(`${start}"padding":"`), padding, Buffer.from(`"}`)]),
    delivery: { framing }
  }
}
