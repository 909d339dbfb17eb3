/** The settings and hints of the Jimeng official format, and the `req_json` that they make. */
import { jsonText } from "@gentask/core/provider"
import * as z from "zod"

/** A visible watermark on the images that the answer brings. Volcengine documents the defaults. */
export interface LogoInfo {
  /** @default false */
  readonly addLogo?: boolean | undefined
  /** 0 bottom right, 1 bottom left, 2 top left, 3 top right. @default 0 */
  readonly position?: 0 | 1 | 2 | 3 | undefined
  /** 0 Chinese, 1 English. @default 0 */
  readonly language?: 0 | 1 | undefined
  /** From 0 to 1, which hides what is below. @default 1 */
  readonly opacity?: number | undefined
  /** The words of the watermark. */
  readonly logoTextContent?: string | undefined
}

/** An invisible mark in the media, as Chinese law asks of generated content. */
export interface AigcMeta {
  /** The id of the service that generated it. */
  readonly contentProducer?: string | undefined
  /** That service's own id for the media. */
  readonly producerId: string
  /** The id of the service that spreads it. */
  readonly contentPropagator?: string | undefined
  /** That service's own id for the media. */
  readonly propagateId?: string | undefined
}

/** What an account can be told, besides `apiKey`, `endpoint`, `baseUrl`, `userAgent` and `account`. */
export interface JimengSettings {
  /** The path of the format on the host, such as `/jm`, `/jimeng/`, `/volcark/visual` or `/`. @default "/jm" */
  readonly path?: string | undefined
  /** The `req_key` that tasks were submitted with; the hint `req_key` of a ref wins. @default "jimeng_t2i_v40" */
  readonly reqKey?: string | undefined
  /** Whether to ask for links; without them images come as base64. @default true */
  readonly returnUrl?: boolean | undefined
  readonly logoInfo?: LogoInfo | undefined
  readonly aigcMeta?: AigcMeta | undefined
}

const logoInfo = z
  .strictObject({
    addLogo: z.boolean().optional(),
    position: z.literal([0, 1, 2, 3]).optional(),
    language: z.literal([0, 1]).optional(),
    opacity: z.number().min(0).max(1).optional(),
    logoTextContent: z.string().optional()
  })
  .transform(({ addLogo, position, language, opacity, logoTextContent }) => ({
    add_logo: addLogo,
    position,
    language,
    opacity,
    logo_text_content: logoTextContent
  }))

const aigcMeta = z
  .strictObject({
    contentProducer: z.string().optional(),
    producerId: z.string(),
    contentPropagator: z.string().optional(),
    propagateId: z.string().optional()
  })
  .transform(({ contentProducer, producerId, contentPropagator, propagateId }) => ({
    content_producer: contentProducer,
    producer_id: producerId,
    content_propagator: contentPropagator,
    propagate_id: propagateId
  }))

/** Settings, checked and in the vendor's words. */
export interface ReadSettings {
  readonly path: string
  readonly reqKey: string
  readonly reqJson: string
}

export const settings: z.ZodType<ReadSettings, JimengSettings> = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/[^?#]*$/, "must begin with / and hold neither ? nor #, such as /jm")
      .default("/jm"),
    reqKey: z.string().min(1).default("jimeng_t2i_v40"),
    returnUrl: z.boolean().default(true),
    logoInfo: logoInfo.optional(),
    aigcMeta: aigcMeta.optional()
  })
  .transform((read) => ({
    path: read.path,
    reqKey: read.reqKey,
    reqJson: JSON.stringify({
      return_url: read.returnUrl,
      logo_info: read.logoInfo,
      aigc_meta: read.aigcMeta
    })
  }))

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
