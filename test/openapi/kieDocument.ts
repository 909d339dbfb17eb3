/**
 * An OpenAPI document of kie.ai's createTask. Its models and fields are those of the provider's data file, which names
 * its source, date and license (MIT). kie.ai's own documents have no license, so no text of theirs is in it.
 */
import { readFile } from "node:fs/promises"
import type { Document } from "openapi-backend"

/** A field of a model's input. Absent members are not documented. */
export interface KieField {
  readonly name: string
  readonly required?: boolean
  readonly type: "string" | "number" | "integer" | "boolean" | "array"
  readonly enum?: ReadonlyArray<string | number>
  readonly min?: number
  readonly max?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly itemType?: "string" | "integer" | "object" | "array"
  readonly itemEnum?: ReadonlyArray<string>
}

export interface KieModel {
  readonly name: string
  readonly fields: ReadonlyArray<KieField>
}

interface KieData {
  readonly source: string
  readonly license: string
  readonly date: string
  readonly models: ReadonlyArray<KieModel>
}

const path = new URL("../../packages/provider-aigptimage/data/kie-models.json", import.meta.url)

/** Reads the data file of the provider. */
export const readKieData = async (): Promise<KieData> => JSON.parse(await readFile(path, "utf8")) as KieData

const schemaOf = ({ type, itemType, itemEnum, ...field }: KieField): object => ({
  type,
  ...(field.enum === undefined ? {} : { enum: field.enum }),
  ...(field.min === undefined ? {} : { minimum: field.min }),
  ...(field.max === undefined ? {} : { maximum: field.max }),
  ...(field.minLength === undefined ? {} : { minLength: field.minLength }),
  ...(field.maxLength === undefined ? {} : { maxLength: field.maxLength }),
  ...(field.minItems === undefined ? {} : { minItems: field.minItems }),
  ...(field.maxItems === undefined ? {} : { maxItems: field.maxItems }),
  ...(type === "array" ? { items: { type: itemType, ...(itemEnum && { enum: itemEnum }) } } : {})
})

/** The body of one model. It is stricter than the documents of kie.ai: fields that they do not name are invalid. */
const bodyOf = ({ name, fields }: KieModel): object => ({
  type: "object",
  additionalProperties: false,
  required: ["model", "input"],
  properties: {
    model: { type: "string", enum: [name] },
    callBackUrl: { type: "string" },
    input: {
      type: "object",
      additionalProperties: false,
      required: fields.filter(({ required }) => required === true).map((field) => field.name),
      properties: Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)]))
    }
  }
})

/** Builds the document. */
export const kieDocument = ({ source, license, date, models }: KieData): Document => ({
  openapi: "3.0.3",
  info: { title: "kie.ai", description: `From ${source}`, version: date, license: { name: license } },
  security: [{ bearer: [] }],
  paths: {
    "/api/v1/jobs/createTask": {
      post: {
        operationId: "createTask",
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: { discriminator: { propertyName: "model" }, oneOf: models.map(bodyOf) }
            }
          }
        },
        responses: {
          "200": {
            description: "The task is created.",
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["code", "data"],
                  properties: {
                    code: { type: "integer" },
                    msg: { type: "string" },
                    data: {
                      type: "object",
                      required: ["taskId"],
                      properties: { taskId: { type: "string" } }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  },
  components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } }
})
