import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { toInvalidJson } from "./toInvalidJson.ts"

/**
 * Creates a function that encodes a value as JSON with a codec, and throws `InvalidJson` if it cannot.
 *
 * @param title What the value is, for the error message.
 */
export const makeEncode = <A, E>(codec: Schema.Codec<A, E>, title: string): ((value: A) => E) => {
  const encode = Schema.encodeResult(codec)
  return (value) => Result.getOrThrowWith(encode(value), (error) => toInvalidJson(error, title))
}
