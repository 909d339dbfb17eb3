/** The settings and hints of the Jimeng official format. */
import { jsonText } from "@gentask/core/provider"
import * as z from "zod"

const reqJson = z.strictObject({
  return_url: z.boolean().default(true),
  logo_info: z
    .strictObject({
      add_logo: z.boolean(),
      position: z.literal([0, 1, 2, 3]),
      language: z.literal([0, 1]),
      opacity: z.number().min(0).max(1),
      logo_text_content: z.string()
    })
    .partial()
    .optional(),
  aigc_meta: z
    .strictObject({
      producer_id: z.string(),
      content_producer: z.string().optional(),
      content_propagator: z.string().optional(),
      propagate_id: z.string().optional()
    })
    .optional()
})

/**
 * The vendor's `req_json`, in its own words. `return_url` asks for links (default true; without them images come as
 * base64). `logo_info` is a visible watermark: `add_logo` (default false), `position` (0 bottom right, 1 bottom left, 2
 * top left, 3 top right), `language` (0 Chinese, 1 English), `opacity` (0 to 1, default 1), `logo_text_content`.
 * `aigc_meta` is an invisible mark, as Chinese law asks of generated content: the service that generated it
 * (`content_producer`) and that spreads it (`content_propagator`), and the media's id at each (`producer_id`,
 * `propagate_id`).
 */
export type JimengReqJson = z.input<typeof reqJson>

/** What an account can be told, besides `apiKey`, `endpoint`, `baseUrl`, `userAgent` and `account`. */
export interface JimengSettings {
  /** The path of the format on the host, such as `/jimeng/` or `/volcark/visual`. @default "/jm", at volcengine "/" */
  readonly path?: string | undefined
  /** The `req_key` that tasks were submitted with; the hint `req_key` of a ref wins. @default "jimeng_t2i_v40" */
  readonly reqKey?: string | undefined
  /** What else to ask; the hint `req_json` of a ref replaces it. @default { return_url: true } */
  readonly reqJson?: JimengReqJson | undefined
}

/** Settings, checked and with their defaults. */
export interface ReadSettings {
  readonly path: string
  readonly reqKey: string
  readonly reqJson: z.output<typeof reqJson>
}

export const settings: z.ZodType<ReadSettings, JimengSettings> = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^?#]*$/, "must begin with / and hold neither ? nor #, such as /jm")
    .default("/jm"),
  reqKey: z.string().min(1).default("jimeng_t2i_v40"),
  reqJson: reqJson.prefault({})
})

const isJsonObject = (text: string): boolean => {
  const value = jsonText(text)
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

export const hints = z.strictObject({
  req_key: z.string().min(1).optional(),
  req_json: z
    .string()
    .refine(isJsonObject, 'it must be the text of a JSON object, such as {"return_url":true}')
    .optional()
})
