/** The data that the table of models is generated from. */

/** A field of a model's input, as the vendor's OpenAPI document describes it. Absent members are not documented. */
export interface Field {
  readonly name: string
  readonly required?: boolean
  readonly type: string
  readonly enum?: ReadonlyArray<string | number>
  readonly min?: number
  readonly max?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly itemType?: string
  readonly itemEnum?: ReadonlyArray<string>
  /** The documented maximum size of a file, in MB. */
  readonly maxMegabytes?: number
}

export interface Model {
  readonly name: string
  readonly docs: string
  readonly fields: ReadonlyArray<Field>
}

export interface Data {
  readonly source: string
  readonly license: string
  readonly date: string
  readonly models: ReadonlyArray<Model>
}

/** The names of fields that contain media. */
export const mediaName =
  /(?:_urls?)$|^(?:image|image_input|reference_image|first_frame|reference_video|reference_voice)$/

/** The registry of models in the snapshot. */
export type Registry = Readonly<Record<string, unknown>> & {
  readonly generated_at: string
  readonly models: ReadonlyArray<{
    readonly model_values: ReadonlyArray<string>
    readonly source_url: string
    readonly input_fields: ReadonlyArray<Readonly<Record<string, unknown>>>
  }>
}

const numberOf = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined)

const toField = (field: Readonly<Record<string, unknown>>): Field => {
  const { name, type, description } = field as { name: string; type: string; description: string | null }
  const text = description ?? ""
  const length = /(?:Max length:|up to) ([\d,]+) char/i.exec(text)?.[1]?.replaceAll(",", "")
  const range = name === "duration" ? /(\d+)\s*[-–]\s*(\d+)\s*s/.exec(text) : null
  const sizes = [...text.matchAll(/(\d+(?:\.\d+)?)\s*MB/gi)].map(([, size]) => Number(size))
  const isText = type === "string" && field["enum"] === null
  const members = {
    name,
    required: field["required"] === true ? true : undefined,
    type,
    enum: field["enum"] ?? undefined,
    min: numberOf(field["minimum"]) ?? (range === null ? undefined : Number(range[1])),
    max: numberOf(field["maximum"]) ?? (range === null ? undefined : Number(range[2])),
    minLength: isText ? numberOf(field["minLength"]) : undefined,
    maxLength: isText
      ? (numberOf(field["maxLength"]) ?? (length === undefined ? undefined : Number(length)))
      : undefined,
    minItems: numberOf(field["minItems"]),
    maxItems: numberOf(field["maxItems"]),
    itemType: field["itemType"] ?? undefined,
    itemEnum: field["itemEnum"] ?? undefined,
    maxMegabytes: mediaName.test(name) && sizes.length > 0 ? Math.max(...sizes) : undefined
  }
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined)
  ) as unknown as Field
}

/** Returns the part of the snapshot that the table needs. */
export const toData = ({ generated_at, models }: Registry): Data => ({
  source: "https://docs.kie.ai, parsed by https://github.com/alfman99/kie-ai-mcp",
  license: "MIT, Copyright (c) 2026 Alfredo Manresa Martinez",
  date: generated_at.slice(0, 10),
  // The fields of some models are alternatives of whole schemas, which the snapshot does not have.
  models: models
    .filter(({ input_fields }) => input_fields.length > 0)
    .map(({ model_values: [name = ""], source_url, input_fields }) => ({
      name,
      docs: source_url.replace(/\.md$/, ""),
      fields: input_fields.map(toField)
    }))
})
