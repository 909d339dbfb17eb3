import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { definedKey } from "./definedKey.ts"
import { InstantFromJson } from "./InstantFromJson.ts"

/** The kinds of outputs. */
export const OutputKindSchema = Schema.Literals(["image", "video", "animation", "audio", "model"])

/** The roles of outputs. */
export const OutputRoleSchema = Schema.Literals(["result", "thumbnail", "preview", "watermarked"])

const Pixels = Schema.Finite.check(Schema.isGreaterThan(0))

const Base64 = Schema.String.annotate({
  contentEncoding: "base64",
  description: "The media. Absent or empty if only its size was kept."
})

const InlineMediaFromJson = Schema.Struct({
  base64: Base64.pipe(Schema.withDecodingDefaultKey(Effect.succeed(""))),
  bytes: Schema.Natural
})

/** Decodes an `Output` from its JSON. */
export const OutputFromJson = Schema.Struct({
  kind: OutputKindSchema,
  role: OutputRoleSchema,
  mediaType: Schema.NullOr(Schema.String),
  width: Schema.NullOr(Pixels),
  height: Schema.NullOr(Pixels),
  url: Schema.NullOr(Schema.String),
  inline: Schema.NullOr(InlineMediaFromJson),
  expiresAt: Schema.NullOr(InstantFromJson),
  isPrivate: definedKey(
    Schema.Boolean.annotate({ description: "Whether the link needs the account's credentials." })
  )
}).annotate({ identifier: "Output", description: "One media file of a task. Either url or inline is null." })
