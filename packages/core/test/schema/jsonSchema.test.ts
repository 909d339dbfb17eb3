/**
 * The JSON Schema files of the package. They are generated from the codecs: `vitest run -u` with this file updates them.
 */
import { fileURLToPath } from "node:url"
import * as Schema from "effect/Schema"
import { expect, it } from "vitest"
import {
  GentaskErrorFromJson,
  ManifestSchema,
  SavedFileFromJson,
  TaskSnapshotFromJson
} from "@gentask/core/schema"

it.each([
  ["snapshot", "gentask task snapshot", TaskSnapshotFromJson],
  ["error", "gentask error", GentaskErrorFromJson],
  ["saved-file", "gentask saved file", SavedFileFromJson],
  ["manifest", "gentask manifest of a saved file", ManifestSchema]
])("%s.schema.json describes the JSON of its codec", async (name, title, codec) => {
  const { schema, definitions } = Schema.toJsonSchemaDocument(codec)
  const document = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `https://unpkg.com/@gentask/core/schema/${name}.schema.json`,
    title,
    ...schema,
    $defs: definitions
  }
  const file = fileURLToPath(new URL(`../../schema/${name}.schema.json`, import.meta.url))
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(file)
})
