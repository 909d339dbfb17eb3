import * as z from "zod"

const media = (kind: string): z.ZodOptional<z.ZodArray<z.ZodString>> =>
  z
    .array(z.string().min(1).max(8192))
    .max(20)
    .optional()
    .describe(`${kind}: URLs, or paths below the allowed folders`)

const frame = (place: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).max(8192).optional().describe(`The image that a video ${place} with: a URL or a path`)

/** The arguments of `submit`. */
export const submitSchema = z.strictObject({
  account: z.string().min(1).max(200).describe("The account, as models returns it: jimmy, or jimeng@deepwl"),
  model: z.string().min(1).max(200).describe("The vendor's name of the model, as models returns it"),
  prompt: z.string().max(20_000).optional().describe("What the result shows"),
  images: media("Images to edit, or to use as a reference"),
  firstFrame: frame("starts"),
  lastFrame: frame("ends"),
  videos: media("Videos to edit, or to use as a reference"),
  audios: media("Sounds for the result"),
  aspectRatio: z.string().max(20).optional().describe("Width to height, such as 16:9"),
  resolution: z.string().max(20).optional().describe("The vendor's word, such as 720p or 2k"),
  duration: z.number().positive().max(3600).optional().describe("Seconds"),
  count: z.number().int().min(1).max(100).optional().describe("How many outputs. Vendors may bill each"),
  seed: z.number().int().optional(),
  input: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('The vendor\'s own input, by the JSON Schema that models returns. Files are { "path": … }'),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "expected 1 to 255 visible ASCII characters")
    .optional()
    .describe(
      "Names this submit. The same key with the same request returns the same task, and pays once. Needed with confirm"
    ),
  confirm: z
    .boolean()
    .default(false)
    .describe("The user has agreed to pay for this task. Ignored if the client can ask the user itself")
})

/** The arguments of `submit`, as parsed. */
export type SubmitArguments = z.output<typeof submitSchema>
