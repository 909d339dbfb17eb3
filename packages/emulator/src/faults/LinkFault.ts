/** Faults of the links to a task's results. */
import * as z from "zod"
import { isHeaderValue, repeatCount, strictObject, unknownDiscriminator } from "../fieldSchemas.ts"

const permanent = {
  /** How many responses contain such links. @default "forever" */
  queries: repeatCount.optional()
}

const transient = {
  /** How many responses contain such links. Later ones contain working links. @default 1 */
  queries: repeatCount.optional()
}

const redirectTargets: ReadonlySet<string> = new Set(["file", "itself", "elsewhere"])

/** The target of a redirect: a keyword or a URL. */
type RedirectTarget = "file" | "itself" | "elsewhere" | `${string}:${string}`

const isRedirectTarget = (value: unknown): boolean =>
  typeof value === "string" &&
  isHeaderValue(value) &&
  (redirectTargets.has(value) || /^[^\s:]+:\S*$/.test(value))

/** The schema of each link fault. */
const linkFaultSchemas = [
  strictObject({
    /** A path without an origin. */
    link: z.literal("relative"),
    ...permanent
  }),
  strictObject({
    /** Additional characters around the link. */
    link: z.literal("wrapped"),
    /** `both` is a space, a backtick, the link, a backtick and a space. @default "both" */
    in: z.enum(["blanks", "backticks", "both"]).optional(),
    ...permanent
  }),
  strictObject({
    /** A link to the emulator's other origin; see `Emulator.otherUrl`. */
    link: z.literal("elsewhere"),
    ...permanent
  }),
  strictObject({
    /** Any other string instead of the link. */
    link: z.literal("replaced"),
    /** The string. */
    by: z.string(),
    ...permanent
  }),
  strictObject({
    /** A link that redirects. */
    link: z.literal("redirected"),
    /** How many redirects there are. @default 1 */
    hops: z.int().min(1).optional(),
    /** The HTTP status of the redirects. @default 302 */
    status: z.literal([301, 302, 303, 307, 308]).optional(),
    /**
     * The target of the last redirect: the file, the link `itself` (an endless redirect), the file on the emulator's
     * other origin, or a URL such as `http://169.254.169.254/`. @default "file"
     */
    to: z
      .custom<RedirectTarget>(isRedirectTarget, {
        error: 'expected "file", "itself", "elsewhere" or a URL'
      })
      .optional(),
    ...permanent
  }),
  strictObject({
    /** A link that has already expired. */
    link: z.literal("expired"),
    ...transient
  }),
  strictObject({
    /** A link that responds with 403 although it has not expired. */
    link: z.literal("forbidden"),
    /** How many requests for each link get 403. @default "forever": only a new link works */
    requests: repeatCount.optional(),
    ...transient
  })
] as const

/** A fault of the links to a task's results. */
export type LinkFault = z.infer<(typeof linkFaultSchemas)[number]>

/** The name of a fault of links. */
export type LinkFaultName = LinkFault["link"]

/** Parses a fault of links. */
export const linkFaultSchema: z.ZodType<LinkFault> = z.discriminatedUnion("link", linkFaultSchemas, {
  error: unknownDiscriminator
})
