import { readFile } from "node:fs/promises"
import type { Document } from "openapi-backend"

interface Schema {
  readonly properties?: Readonly<Record<string, object>>
}

/** The parts of the file that are read. */
interface BflFile {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post?: {
          readonly requestBody: {
            readonly content: { readonly "application/json": { readonly schema: { readonly $ref: string } } }
          }
        }
      }
    >
  >
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The document, and the fields of each model. */
export interface BflDocument {
  readonly document: Document
  readonly models: ReadonlyArray<{ readonly name: string; readonly fields: ReadonlyArray<string> }>
}

/**
 * Reads the OpenAPI document of Black Forest Labs. It is stricter than the vendor's: fields that it does not name are
 * invalid.
 */
export const readBflDocument = async (): Promise<BflDocument> => {
  const text = await readFile(new URL("bfl.json", import.meta.url), "utf8")
  // The validator does not know the format of URLs.
  const file = JSON.parse(text, (name, value: unknown) =>
    name === "format" && value === "uri" ? undefined : value
  ) as BflFile
  const { schemas } = file.components
  const strict = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      /Inputs?$/.test(name) ? { ...schema, additionalProperties: false } : schema
    ])
  )
  const models = Object.entries(file.paths).flatMap(([path, { post }]) => {
    if (post === undefined) return []
    const { $ref } = post.requestBody.content["application/json"].schema
    const { properties = {} } = schemas[$ref.split("/").at(-1) ?? ""] ?? {}
    return [{ name: path.replace("/v1/", ""), fields: Object.keys(properties) }]
  })
  const document = { ...file, components: { ...file.components, schemas: strict } }
  return { document: document as unknown as Document, models }
}
