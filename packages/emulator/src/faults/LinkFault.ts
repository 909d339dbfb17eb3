/** What can be wrong with the links that a vendor hands out, as data. */
import type { Times } from "./Fault.ts"

interface Lasting {
  /** How many answers with links hand out such ones. @default "forever" */
  readonly queries?: Times
}

interface Passing {
  /** How many answers with links hand out such ones; those of later answers are fine. @default 1 */
  readonly queries?: Times
}

/** What is wrong with the links of a task's answers. */
export type LinkFault =
  | ({
      /** A path without an origin. */
      readonly link: "relative"
    } & Lasting)
  | ({
      /** Characters around the link that do not belong to it. */
      readonly link: "wrapped"
      /** `both` is a blank, a backtick, the link, a backtick, and a blank. @default "both" */
      readonly in?: "blanks" | "backticks" | "both"
    } & Lasting)
  | ({
      /** On the emulator's other origin; see `Emulator.otherUrl`. */
      readonly link: "elsewhere"
    } & Lasting)
  | ({
      /** Another text in place of the link. */
      readonly link: "replaced"
      readonly by: string
    } & Lasting)
  | ({
      /** Leads to a redirect. */
      readonly link: "redirected"
      /** How many redirects there are. @default 1 */
      readonly hops?: number
      /** @default 302 */
      readonly status?: 301 | 302 | 303 | 307 | 308
      /**
       * Where the last redirect leads: to the file, for ever to itself, to the file on the emulator's other origin,
       * or to a URL such as `http://169.254.169.254/`. @default "file"
       */
      readonly to?: "file" | "itself" | "elsewhere" | `${string}:${string}`
    } & Lasting)
  | ({
      /** Expired when it is handed out. */
      readonly link: "expired"
    } & Passing)
  | ({
      /** Answers 403 although it has not expired. */
      readonly link: "forbidden"
      /** How many requests of each link are refused. @default "forever": only a fresh link helps */
      readonly requests?: Times
    } & Passing)

/** What is wrong with a link, in a word. */
export type LinkFaultName = LinkFault["link"]
