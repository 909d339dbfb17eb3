/** The settings of accounts and the params of task refs. */
import { isJsonObject, tryParseJson } from "@gentask/core/provider"
import * as z from "zod"

/** The schema of `req_json`. */
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
 * The vendor's `req_json`, with the names of the vendor:
 *
 * - `return_url` requests links (default true). Without them, images are returned as base64.
 * - `logo_info` adds a visible watermark: `add_logo` (default false), `position` (0 bottom right, 1 bottom left, 2 top
 *   left, 3 top right), `language` (0 Chinese, 1 English), `opacity` (0 to 1, default 1), `logo_text_content`.
 * - `aigc_meta` adds an invisible watermark, which Chinese law requires of generated content: the service that generated
 *   it (`content_producer`) and the one that distributes it (`content_propagator`), and the id of the media at each
 *   (`producer_id`, `propagate_id`).
 *
 * @see https://www.volcengine.com/docs/85621
 */
export type JimengReqJson = z.input<typeof reqJson>

/** The settings of a Jimeng account, besides the options of every provider. */
export interface JimengSettings {
  /**
   * The path of the format on the host, such as `/jimeng/` or `/volcark/visual`.
   *
   * @default "/jm", and "/" at the endpoint volcengine
   */
  readonly path?: string | undefined
  /** The `req_key` that tasks were submitted with. The param `req_key` of a ref overrides it. @default "jimeng_t2i_v40" */
  readonly reqKey?: string | undefined
  /** What the vendor returns. The param `req_json` of a ref replaces it. @default { return_url: true } */
  readonly reqJson?: JimengReqJson | undefined
}

/** Validated settings, with their defaults. */
export interface ValidSettings {
  /** The path of the format on the host. */
  readonly path: string
  /** The `req_key` of the task. */
  readonly reqKey: string
  /** The `req_json` of the query. */
  readonly reqJson: z.output<typeof reqJson>
}

export const settings: z.ZodType<ValidSettings, JimengSettings> = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^?#]*$/, "must start with / and must not contain ? or #, such as /jm")
    .default("/jm"),
  reqKey: z.string().min(1).default("jimeng_t2i_v40"),
  reqJson: reqJson.prefault({})
})

export const params = z.strictObject({
  req_key: z.string().min(1).optional(),
  req_json: z
    .string()
    .refine((text) => isJsonObject(tryParseJson(text)), 'must be a JSON object, such as {"return_url":true}')
    .optional()
})
