/** Reads the input schemas of models from an OpenAPI document. */
import { readFileSync } from "node:fs"
import type { DocumentSource } from "./ModelSource.ts"
import type { ReadModel } from "./readModels.ts"
import type { Member } from "./schemaOf.ts"

/** The parts of a JSON Schema that the documents use. */
interface Schema {
  readonly $ref?: string
  readonly anyOf?: ReadonlyArray<Schema>
  readonly type?: "string" | "integer" | "number" | "boolean" | "null"
  readonly enum?: ReadonlyArray<string>
  readonly minimum?: number
  readonly maximum?: number
  readonly multipleOf?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: ReadonlyArray<string>
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

interface OpenapiDocument {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const numberChecks = ["minimum", "maximum", "multipleOf"] as const
const methods = { minimum: "min", maximum: "max", multipleOf: "multipleOf" } as const

/** Returns the code of a schema. `null` is left out: an absent member means the same. */
const codeOf = (schema: Schema, document: OpenapiDocument): string => {
  if (schema.$ref !== undefined) return codeOf(resolve(schema, document), document)
  if (schema.enum !== undefined) return `z.enum(${JSON.stringify(schema.enum)})`
  const options = schema.anyOf?.filter(({ type }) => type !== "null").map((each) => codeOf(each, document))
  if (options !== undefined)
    return options.length === 1 ? String(options[0]) : `z.union([${options.join(", ")}])`
  switch (schema.type) {
    case "string":
      return "z.string()"
    case "boolean":
      return "z.boolean()"
    case "integer":
    case "number": {
      const checks = numberChecks.map((name) =>
        schema[name] === undefined ? "" : `.${methods[name]}(${schema[name]})`
      )
      return `z.${schema.type === "integer" ? "int" : "number"}()${checks.join("")}`
    }
    default:
      throw new Error(`Unsupported schema: ${JSON.stringify(schema)}. Extend scripts/models/readDocument.ts.`)
  }
}

const resolve = ({ $ref = "" }: Schema, document: OpenapiDocument): Schema => {
  const schema = document.components.schemas[$ref.replace("#/components/schemas/", "")]
  if (schema === undefined) throw new Error(`The document has no schema ${$ref}.`)
  return schema
}

/**
 * Reads the models of a document: each path with a JSON body is one.
 *
 * @param file The path of the document.
 */
export const readDocument = (file: string, source: DocumentSource): ReadonlyArray<ReadModel> => {
  const document = JSON.parse(readFileSync(file, "utf8")) as OpenapiDocument
  return Object.entries(document.paths).flatMap(([path, { post }]): ReadonlyArray<ReadModel> => {
    const body = post?.requestBody?.content["application/json"]?.schema
    if (body === undefined) return []
    const { properties = {}, required = [] } = body.$ref === undefined ? body : resolve(body, document)
    const members = Object.entries(properties)
      .filter(([name]) => !source.ignored.includes(name))
      .map(([name, schema]): Member => {
        const code = source.isMedia(name) ? 'mediaInput("image")' : codeOf(schema, document)
        return {
          name,
          schema: required.includes(name) ? code : `${code}.optional()`,
          isList: source.isList?.(name, Object.keys(properties)) === true
        }
      })
    return [{ ...source.model, name: path.replace(source.pathPrefix, ""), members }]
  })
}
