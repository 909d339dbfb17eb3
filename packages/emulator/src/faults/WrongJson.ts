/** Turns a right JSON answer into a wrong one. */
import { joined, repeated } from "../ByteSource.ts"
import { isRecord, parseJson } from "../Json.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import type { AnswerFault } from "./Fault.ts"

type Shape = NonNullable<Extract<AnswerFault, { fault: "wrong-shape" }>["as"]>

const textOf = ({ body }: WireAnswer): string => (typeof body === "string" ? body : "{}")

/** The value with every scalar in it turned into one of another type; null stays, since it may stand anywhere. */
const mistyped = (value: unknown): unknown => {
  if (Array.isArray(value)) return { items: value.map(mistyped) }
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mistyped(member)]))
  }
  if (typeof value === "string") return { text: value }
  if (typeof value === "number") return [value]
  return value === null ? null : "yes"
}

const nested = (value: unknown): unknown => {
  if (!isRecord(value) || !isRecord(value["data"])) return mistyped(value)
  return { ...value, data: mistyped(value["data"]) }
}

const parsed = (answer: WireAnswer): unknown => {
  try {
    return parseJson(textOf(answer))
  } catch {
    return {}
  }
}

const shapes: Record<Shape, (answer: WireAnswer) => unknown> = {
  array: (answer) => [parsed(answer)],
  string: (answer) => textOf(answer),
  number: () => 42,
  boolean: () => true,
  null: () => null,
  nested: (answer) => nested(parsed(answer))
}

/** JSON of another type. */
export const wrongShape = (answer: WireAnswer, as: Shape = "array"): WireAnswer => ({
  ...answer,
  body: JSON.stringify(shapes[as](answer))
})

/** JSON whose end is missing, under a Content-Length that fits it. */
export const invalidJson = (answer: WireAnswer): WireAnswer => {
  const text = textOf(answer)
  return { ...answer, body: text.slice(0, Math.max(1, text.length - 2)) }
}

const million = 1_000_000

/** The same JSON with one more field of so many million bytes. */
export const hugeJson = (
  answer: WireAnswer,
  megabytes: number,
  framing: "length" | "chunked"
): WireAnswer => {
  const text = textOf(answer).trimEnd()
  const isOpen = text.startsWith("{") && text.endsWith("}") && text !== "{}"
  const start = isOpen ? `${text.slice(0, -1)},` : "{"
  const padding = repeated(0x78, Math.round(megabytes * million))
  return {
    ...answer,
    body: joined([Buffer.from(`${start}"padding":"`), padding, Buffer.from(`"}`)]),
    manner: { framing }
  }
}
