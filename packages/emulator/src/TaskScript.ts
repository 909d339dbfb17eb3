/** What a task is told to do: the script that a test writes, and the task that comes of it. */
import { randomBytes, randomUUID } from "node:crypto"
import type { MediaFault, QueryFault } from "./faults/Fault.ts"
import type { LinkFault } from "./faults/LinkFault.ts"
import type { MediaType } from "./Media.ts"

/** The vendors whose wire formats the emulator speaks. */
export const vendors = ["jimmy", "sora", "jimeng", "aigptimage"] as const

/** One of the four wire formats: Jimmy AI, the "unified video format" of Sora relays, Jimeng's, AI GPT Image's. */
export type Vendor = (typeof vendors)[number]

/** What a task makes. */
export type TaskKind = "image" | "video"

/** The ways in which a task's timeline can end. `never` stays running. */
export const ends = ["succeeded", "failed", "canceled", "expired", "never"] as const

/** One of the ways in which a task's timeline can end. `never` stays running. */
export type End = (typeof ends)[number]

/** Where a task stands at one moment. */
export type Phase = "queued" | "running" | Exclude<End, "never">

/**
 * The other forms that a vendor's answers take; without one, a task answers as the vendor's document shows.
 *
 * - jimmy: `bare` leaves the `{code, msg, data}` envelope away, as older captures of the vendor's pages do;
 *   `numeric-code` sends the code as a number, as the vendor's synchronous endpoint does.
 * - sora: `openai` is the hybrid of octopusx's unified query page, whose `progress` is a string.
 * - jimeng: `volcengine` uses the words, nulls and HTTP statuses of the origin (Volcengine, Jimeng image 4.0).
 * - aigptimage: `kie` is the sibling format of kie.ai: `message`, empty strings, `queuing` and `generating`.
 */
export const dialects = {
  jimmy: ["bare", "numeric-code"],
  sora: ["openai"],
  jimeng: ["volcengine"],
  aigptimage: ["kie"]
} as const satisfies Record<Vendor, readonly string[]>

/** One of the other forms that a vendor's answers take; see {@link dialects}. */
export type Dialect = (typeof dialects)[Vendor][number]

/** An answer that a test writes itself, sent instead of what the timeline would say. */
export interface Answer {
  /** HTTP status. @default 200 */
  readonly status?: number
  /** Response headers. The content type follows from `body` or `text` unless it is given here. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. Give either this or `text`. */
  readonly body?: unknown
  /** Sent as it is. Give either this or `body`. */
  readonly text?: string
  /** How many polls get this answer; `forever` suits only the last one. @default 1 */
  readonly times?: number | "forever"
}

/** What a vendor says about why a task ended badly. */
export interface ScriptedFailure {
  /** The vendor's code. Jimmy has no place for one; Jimeng's must be a number. @default the vendor's own example */
  readonly code?: string | number
  /** The vendor's sentence. @default the vendor's own example, or an invented one */
  readonly message?: string
}

/** What a task is told to do. Only `vendor` is required: such a task has succeeded when it is first asked about. */
export interface TaskScript {
  readonly vendor: Vendor
  /** @default a new id in the vendor's style, such as `sora-2:task_01k74ynm13exf9ha36zz7820hv` */
  readonly id?: string
  /** @default `video` for sora and for a task whose first medium is an mp4, else `image` */
  readonly kind?: TaskKind
  /** Milliseconds before the task starts to run. @default 0 */
  readonly queuedFor?: number
  /** Milliseconds for which it runs, with its progress growing evenly. @default 0 */
  readonly runningFor?: number
  /** @default "succeeded" */
  readonly end?: End
  /** Why the task ended badly. */
  readonly failure?: ScriptedFailure
  /**
   * The results, in order. Jimmy and Sora name one result and use the first. An empty list is a success
   * without a result. @default one mp4 for a video, one jpeg for a Jimeng image, else one png
   */
  readonly media?: readonly MediaType[]
  /**
   * Bytes of each result, 32,768 or more: the sample, padded where no decoder looks, made while it is sent. Previews
   * and thumbnails stay small. A Jimeng image may have 2^28, since it can be asked for in base64, and a webp 2^32.
   * @default those of the sample, some 2 to 17 kB
   */
  readonly mediaSize?: number
  /** @default the prompt of the vendor's own example */
  readonly prompt?: string
  /** @default the model of the vendor's own example */
  readonly model?: string
  /**
   * Jimeng's service identifier: a query with another one does not find the task.
   * @default `jimeng_t2i_v40`, or `jimeng_ti2v_v30_pro` for a video
   */
  readonly reqKey?: string
  /** Jimeng: base64 even when the query asks for links. @default false */
  readonly inline?: boolean
  /**
   * Milliseconds for which a link works; 0 or less is a link that is dead on arrival, Infinity one that never dies. @default the emulator's, else
   * the vendor's: Jimmy 3 days (documented), Sora 6 days (from the document's example), Jimeng 24 h for an
   * image and 1 h for a video (Volcengine), AI GPT Image 24 h (kie.ai)
   */
  readonly linkLifetime?: number
  /** Whether each query signs fresh links. Otherwise links live from the end of the task. @default true */
  readonly renewLinks?: boolean
  /** Other status words for some phases, such as `{ running: "video_upsampling" }`. */
  readonly words?: Readonly<Partial<Record<Phase, string>>>
  /** Another form of the vendor's answers; see {@link dialects}. */
  readonly dialect?: Dialect
  /** Answers for the first polls, one each (or `times` each), before the timeline answers. */
  readonly answers?: readonly Answer[]
  /**
   * Faults of the first polls, in order, each as often as it says. A poll that has a scripted answer as well gets
   * that answer, spoiled.
   */
  readonly faults?: readonly QueryFault[]
  /** Faults of the first requests for the task's results, in order, each as often as it says. */
  readonly mediaFaults?: readonly MediaFault[]
  /** What is wrong with the links of the first answers that have any, in order, each as often as it says. */
  readonly links?: readonly LinkFault[]
}

/** A task that the emulator answers for: its script with every default filled in. */
export interface EmulatedTask {
  readonly vendor: Vendor
  readonly id: string
  readonly kind: TaskKind
  readonly queuedFor: number
  readonly runningFor: number
  readonly end: End
  readonly failure: ScriptedFailure
  readonly media: readonly MediaType[]
  /** Null for samples as they are. */
  readonly mediaSize: number | null
  readonly prompt: string
  readonly model: string
  /** Null for every vendor but Jimeng. */
  readonly reqKey: string | null
  readonly inline: boolean
  readonly linkLifetime: number
  readonly renewLinks: boolean
  readonly words: Readonly<Partial<Record<Phase, string>>>
  /** Null for the form that the vendor's document shows. */
  readonly dialect: Dialect | null
  readonly answers: readonly Answer[]
  readonly faults: readonly QueryFault[]
  readonly mediaFaults: readonly MediaFault[]
  readonly links: readonly LinkFault[]
  /** When the task was added, in milliseconds since the epoch: where its timeline begins. */
  readonly addedAt: number
  /** How many queries it has answered, scripted answers included. */
  readonly polls: number
}

const hour = 3_600_000
const none = Object.freeze([])
const nothing = Object.freeze({})

const prompts: Record<Vendor, string> = {
  jimmy: "A cat",
  sora: "make animate",
  jimeng: "A cat",
  aigptimage: "A cinematic portrait of a robot painter"
}

const models: Record<Vendor, Record<TaskKind, string>> = {
  jimmy: { image: "gpt-image-2", video: "sora2-12s" },
  sora: { image: "sora-2", video: "sora-2" },
  jimeng: { image: "jimeng-4.0", video: "jimeng-video-3.0-pro" },
  aigptimage: { image: "gpt-image-2-text-to-image", video: "sora-2-text-to-video" }
}

const linkLifetimes: Record<Vendor, Record<TaskKind, number>> = {
  jimmy: { image: 72 * hour, video: 72 * hour },
  sora: { image: 144 * hour, video: 144 * hour },
  jimeng: { image: 24 * hour, video: hour },
  aigptimage: { image: 24 * hour, video: 24 * hour }
}

const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

const base32 = (value: bigint, length: number): string =>
  Array.from(
    { length },
    (_, index) => crockford[Number((value >> BigInt(5 * (length - 1 - index))) & 31n)]
  ).join("")

const randomInteger = (bytes: number): bigint => BigInt(`0x${randomBytes(bytes).toString("hex")}`)

/** A time-ordered name of 26 characters, in the style of `task_01k74ynm13exf9ha36zz7820hv`. */
const sortableName = (prefix: string, now: number): string =>
  `${prefix}_${base32((BigInt(Math.trunc(now)) << 80n) | randomInteger(10), 26)}`

const newId = (script: TaskScript, model: string, now: number): string => {
  if (script.vendor === "sora") return `${model}:${sortableName("task", now)}`
  // Volcengine's ids are decimal numbers beyond 2^53, which only a string can hold.
  if (script.dialect === "volcengine")
    return String(7_000_000_000_000_000_000n + (randomInteger(7) % 10n ** 18n))
  return randomUUID()
}

/** What the task of a script makes. */
export const kindOf = (script: TaskScript): TaskKind =>
  script.kind ?? (script.vendor === "sora" || script.media?.[0] === "mp4" ? "video" : "image")

const mediaOf = (vendor: Vendor, kind: TaskKind): readonly MediaType[] =>
  kind === "video" ? ["mp4"] : vendor === "jimeng" ? ["jpeg"] : ["png"]

const reqKeyOf = (kind: TaskKind): string => (kind === "video" ? "jimeng_ti2v_v30_pro" : "jimeng_t2i_v40")

/** The task of a script that has been checked, added at `now`. */
export const makeTask = (script: TaskScript, now: number, linkLifetime?: number): EmulatedTask => {
  const { vendor } = script
  const kind = kindOf(script)
  const model = script.model ?? models[vendor][kind]
  return {
    vendor,
    id: script.id ?? newId(script, model, now),
    kind,
    queuedFor: script.queuedFor ?? 0,
    runningFor: script.runningFor ?? 0,
    end: script.end ?? "succeeded",
    failure: script.failure ?? nothing,
    media: script.media ?? mediaOf(vendor, kind),
    mediaSize: script.mediaSize ?? null,
    prompt: script.prompt ?? prompts[vendor],
    model,
    reqKey: vendor === "jimeng" ? (script.reqKey ?? reqKeyOf(kind)) : null,
    inline: script.inline ?? false,
    linkLifetime: script.linkLifetime ?? linkLifetime ?? linkLifetimes[vendor][kind],
    renewLinks: script.renewLinks ?? true,
    words: script.words ?? nothing,
    dialect: script.dialect ?? null,
    answers: script.answers ?? none,
    faults: script.faults ?? none,
    mediaFaults: script.mediaFaults ?? none,
    links: script.links ?? none,
    addedAt: now,
    polls: 0
  }
}
