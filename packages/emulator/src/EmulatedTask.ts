/** The task that the emulator creates from a script. */
import { randomBytes, randomUUID } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import type { MediaFormat } from "./MediaFormat.ts"
import { kindOf } from "./TaskScript.ts"
import type { Dialect, Service, TaskKind, TaskScript, Vendor } from "./TaskScript.ts"

/** The fields that are null instead of absent. */
type NullableField = "mediaSize" | "reqKey" | "dialect"

/** The fields of a script that have a value in every task. */
type CompleteScript = {
  readonly [Field in keyof TaskScript as Field extends NullableField ? never : Field]-?: Exclude<
    TaskScript[Field],
    undefined
  >
}

/** The request that made a task. */
export interface TaskSubmit {
  /** The vendor that received it. */
  readonly service: Service
  /** The bearer token, or the id of the access key. */
  readonly apiKey: string
  /** The idempotency key, or null. */
  readonly idempotencyKey: string | null
  /** Headers by lowercase name. */
  readonly headers: IncomingHttpHeaders
  /** The body as JSON. */
  readonly body: unknown
  /** What the task cost, in the vendor's unit. */
  readonly cost: number
}

/** A task of the emulator: its script with all defaults applied. */
export interface EmulatedTask extends CompleteScript {
  /** Bytes of each result, or null for the unpadded samples. */
  readonly mediaSize: number | null
  /** Jimeng's service identifier, or null for other vendors. */
  readonly reqKey: string | null
  /** The variant of the wire format, or null for the form that the vendor's document shows. */
  readonly dialect: Dialect | null
  /** The request that made the task, or null for one that `addTask` added. */
  readonly submit: TaskSubmit | null
  /** When the task was added, in milliseconds since 1970. Its timeline starts here. */
  readonly addedAt: number
  /** How many queries the task has received, including those with scripted responses. */
  readonly polls: number
}

const hour = 3_600_000
const emptyList = Object.freeze([])
const emptyObject = Object.freeze({})

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

/** A ULID with a prefix, such as `task_01k74ynm13exf9ha36zz7820hv`. */
const prefixedUlid = (prefix: string, now: number): string =>
  `${prefix}_${base32((BigInt(Math.trunc(now)) << 80n) | randomInteger(10), 26)}`

const newId = ({ vendor, dialect }: TaskScript, model: string, now: number): string => {
  if (vendor === "sora") return `${model}:${prefixedUlid("task", now)}`
  // Volcengine's ids are decimal numbers above 2^53, which only a string can represent.
  if (dialect === "volcengine") return String(7_000_000_000_000_000_000n + (randomInteger(7) % 10n ** 18n))
  return randomUUID()
}

const defaultMedia = (vendor: Vendor, kind: TaskKind): readonly MediaFormat[] =>
  kind === "video" ? ["mp4"] : vendor === "jimeng" ? ["jpeg"] : ["png"]

const defaultReqKey = (kind: TaskKind): string =>
  kind === "video" ? "jimeng_ti2v_v30_pro" : "jimeng_t2i_v40"

/** Creates the task of a valid script. `linkLifetime` is the emulator's default, in milliseconds. */
export const createTask = (
  script: TaskScript,
  now: number,
  linkLifetime?: number,
  submit: TaskSubmit | null = null
): EmulatedTask => {
  const { vendor } = script
  const kind = kindOf(script)
  const model = script.model ?? models[vendor][kind]
  return {
    vendor,
    id: script.id ?? newId(script, model, now),
    kind,
    queuedFor: script.queuedFor ?? 0,
    runningFor: script.runningFor ?? 0,
    hiddenFor: script.hiddenFor ?? 0,
    end: script.end ?? "succeeded",
    failure: script.failure ?? emptyObject,
    media: script.media ?? defaultMedia(vendor, kind),
    mediaSize: script.mediaSize ?? null,
    prompt: script.prompt ?? prompts[vendor],
    model,
    reqKey: vendor === "jimeng" ? (script.reqKey ?? defaultReqKey(kind)) : null,
    inline: script.inline ?? false,
    linkLifetime: script.linkLifetime ?? linkLifetime ?? linkLifetimes[vendor][kind],
    renewLinks: script.renewLinks ?? true,
    statuses: script.statuses ?? emptyObject,
    dialect: script.dialect ?? null,
    responses: script.responses ?? emptyList,
    faults: script.faults ?? emptyList,
    mediaFaults: script.mediaFaults ?? emptyList,
    links: script.links ?? emptyList,
    submit,
    addedAt: now,
    polls: 0
  }
}
