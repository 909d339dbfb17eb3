import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { toInvalidJson } from "./toInvalidJson.ts"

/**
 * Creates a function that decodes JSON with a codec, and throws `InvalidJson` if it cannot.
 *
 * @param title What the JSON describes, for the error message.
 */
export const makeDecode = <A, E>(codec: Schema.Codec<A, E>, title: string): ((json: unknown) => A) => {
  const decode = Schema.decodeUnknownResult(codec)
  return (json) => Result.getOrThrowWith(decode(json), (error) => toInvalidJson(error, title))
}
