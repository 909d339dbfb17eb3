import * as Schema from "effect/Schema"
import { makeDecode } from "./makeDecode.ts"

const Mark = Schema.NullOr(Schema.Boolean).annotate({
  description: "True: found. False: searched and not found. Null: not known."
})

/**
 * The JSON file beside a saved file. Keys that the first versions did not write are optional. Unknown keys are ignored.
 *
 * ```ts
 * const { marks } = yield* Schema.decodeUnknownEffect(ManifestSchema)(JSON.parse(text))
 * ```
 */
export const ManifestSchema = Schema.Struct({
  schema: Schema.optionalKey(Schema.String.annotate({ description: "The URL of this schema." })),
  version: Schema.optionalKey(Schema.Literal(1).annotate({ description: "The version of this format." })),
  ref: Schema.String.annotate({ description: "The task ref." }),
  provider: Schema.optionalKey(Schema.String.annotate({ description: "The provider's id." })),
  account: Schema.optionalKey(Schema.String.annotate({ description: "The account's name." })),
  taskId: Schema.optionalKey(Schema.String.annotate({ description: "The vendor's task id." })),
  file: Schema.String.annotate({ description: "The name of the saved file." }),
  role: Schema.String,
  kind: Schema.String,
  mediaType: Schema.String,
  bytes: Schema.Natural,
  sha256: Schema.String,
  model: Schema.NullOr(Schema.String),
  prompt: Schema.NullOr(Schema.String),
  source: Schema.NullOr(
    Schema.String.annotate({ description: "The link that the bytes are from, without its query." })
  ),
  sourceHost: Schema.optionalKey(Schema.NullOr(Schema.String)),
  etag: Schema.optionalKey(Schema.NullOr(Schema.String)),
  httpDate: Schema.optionalKey(
    Schema.NullOr(
      Schema.String.annotate({ description: "When the file server sent the response, by its own clock." })
    )
  ),
  createdAt: Schema.NullOr(Schema.String),
  completedAt: Schema.NullOr(Schema.String),
  savedAt: Schema.String,
  gentask: Schema.optionalKey(
    Schema.String.annotate({ description: "The version of gentask that saved the file." })
  ),
  marks: Schema.optionalKey(
    Schema.Struct({ c2pa: Mark, iptc: Mark, aigc: Mark }).annotate({
      description: "What the file itself says about its origin. Saving never changes these marks."
    })
  ),
  aigcMetaTagged: Schema.optionalKey(
    Schema.NullOr(Schema.Boolean).annotate({
      description: "Whether the vendor reports that it has added China's implicit label to the file."
    })
  ),
  identity: Schema.optionalKey(
    Schema.Struct({
      query: Schema.Array(Schema.String),
      position: Schema.Natural,
      count: Schema.NullOr(Schema.Natural)
    })
  )
})

/** A manifest as JSON. Manifests of earlier versions have fewer keys. */
export type ManifestJson = typeof ManifestSchema.Type

/**
 * Reads a manifest.
 *
 * ```ts
 * const { marks, sha256 } = decodeManifest(JSON.parse(await readFile("fox.png.json", "utf8")))
 * ```
 *
 * @param json The content of the JSON file beside a saved file. Unknown keys are ignored.
 * @throws {InvalidJson} If the JSON is not a manifest, or has a later format version.
 */
export const decodeManifest: (json: unknown) => ManifestJson = makeDecode(ManifestSchema, "manifest")
