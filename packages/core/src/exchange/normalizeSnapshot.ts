/** From what a provider read to a task snapshot: done once, here, for every provider. */
import * as Expiry from "./linkExpiry.ts"
import type { FailureDraft, InstantInput, OutputDraft, SnapshotDraft } from "../provider/SnapshotDraft.ts"
import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import { statusTable } from "../provider/statusTable.ts"
import type { Failure, FailureReason } from "../task/Failure.ts"
import type { InlineMedia, Output } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { TaskStatus } from "../task/TaskStatus.ts"

/** Whose snapshot it is. */
export interface SnapshotContext {
  readonly ref: string
  readonly provider: string
  readonly account: string
  readonly id: string
  /** Relative links are resolved against it. */
  readonly baseUrl: URL
  /** When the answer arrived, in milliseconds since 1970. */
  readonly at?: number
  readonly resultLifetime: ProviderSpec["resultLifetimeMs"]
  readonly statuses?: ProviderSpec["statuses"]
}

const text = (value: unknown): string | null => {
  if (typeof value === "number" && Number.isFinite(value)) return String(value)
  return typeof value === "string" && value !== "" ? value : null
}

const size = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null

const withoutZone = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/

const readInstant = (value: number | string | Date): number => {
  if (value instanceof Date) return value.getTime()
  const number = typeof value === "number" ? value : /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
  // The same on every machine, wherever it stands.
  if (Number.isNaN(number)) return Date.parse(String(value).trim().replace(withoutZone, "$1T$2Z"))
  return number < 1e12 ? Math.round(number * 1000) : number
}

const instant = (value: InstantInput, name: string, warn: (warning: string) => void): Date | null => {
  if (value === null || value === undefined || value === 0 || value === "") return null
  const milliseconds = readInstant(value)
  if (typeof value === "string" && withoutZone.test(value.trim())) {
    warn(`${name} names no time zone, and is read as UTC.`)
  }
  if (Expiry.isPossibleInstant(milliseconds)) return new Date(milliseconds)
  warn(`${name} was dropped: ${String(value).slice(0, 40)} is no possible instant.`)
  return null
}

const readBase64 = (value: string): InlineMedia | null => {
  const base64 = value.replace(/^data:[^,]*,/, "").replace(/\s+/g, "")
  if (base64 === "" || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) return null
  return { base64, bytes: Math.floor((base64.replace(/=+$/, "").length * 3) / 4) }
}

const resolveUrl = (value: string, base: URL): URL | null => {
  // Relays are seen to wrap links in blanks and backticks.
  const trimmed = value.replace(/^[\s`'"<]+|[\s`'">]+$/g, "")
  if (trimmed === "") return null
  // With a base, Node parses the base too.
  const url = /^https?:\/\//i.test(trimmed) ? URL.parse(trimmed) : URL.parse(trimmed, base.href)
  if (url === null) return null
  return (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.password === ""
    ? url
    : null
}

const lifetimeFrom = (at: number | undefined, lifetime: unknown): Date | null => {
  const isLifetime = typeof lifetime === "number" && Number.isFinite(lifetime) && lifetime > 0
  return at === undefined || !isLifetime ? null : new Date(at + lifetime)
}

const normaliseOutput = (
  draft: OutputDraft,
  subject: SnapshotContext,
  completedAt: Date | null,
  warn: (warning: string) => void
): Output | null => {
  const name = `a ${draft.role ?? "result"} ${draft.kind}`
  const rest = {
    kind: draft.kind,
    role: draft.role ?? "result",
    mediaType: text(draft.mediaType),
    width: size(draft.width),
    height: size(draft.height)
  } as const
  if (typeof draft.url === "string" && draft.url.trim() !== "") {
    const url = resolveUrl(draft.url, subject.baseUrl)
    if (url === null) {
      warn(`The link of ${name} was dropped: it is no http or https link.`)
      return null
    }
    const lifetime = subject.resultLifetime?.[draft.kind]
    const documented =
      lifetime === undefined || completedAt === null ? null : new Date(completedAt.getTime() + lifetime)
    const expiresAt =
      instant(draft.expiresAt, "expiresAt", warn) ??
      Expiry.fromUrl(url) ??
      lifetimeFrom(subject.at, draft.expiresInMs) ??
      documented
    return { ...rest, url: url.href, inline: null, expiresAt }
  }
  if (typeof draft.base64 === "string" && draft.base64 !== "") {
    const inline = readBase64(draft.base64)
    if (inline === null) {
      warn(`The inline media of ${name} was dropped: it is no base64.`)
      return null
    }
    return { ...rest, url: null, inline, expiresAt: null }
  }
  return null
}

const defaultReason: Readonly<Partial<Record<TaskStatus, FailureReason>>> = {
  canceled: "canceled",
  expired: "timeout"
}

const normaliseFailure = (status: TaskStatus, draft: FailureDraft | null | undefined): Failure | null => {
  if (!isTerminal(status) || status === "succeeded") return null
  return {
    reason: draft?.reason ?? defaultReason[status] ?? "unknown",
    code: text(draft?.code),
    message: text(draft?.message),
    requestId: text(draft?.requestId),
    canResubmit: draft?.canResubmit ?? null
  }
}

const readStatus = (draft: SnapshotDraft, words: ProviderSpec["statuses"]): TaskStatus =>
  draft.status ?? (words === undefined ? "unknown" : statusTable(words)(text(draft.rawStatus)))

const progress = (status: TaskStatus, value: SnapshotDraft["progress"]): number | null => {
  if (typeof value !== "number" || !Number.isFinite(value)) return null
  // Vendors set progress back to 0, or on to 100, when a task fails.
  if (isTerminal(status) && status !== "succeeded") return null
  return Math.min(1, Math.max(0, value))
}

/** Most snapshots have no outputs and no warnings: one array serves them all. */
const nothing: ReadonlyArray<never> = Object.freeze([])

/** Makes a snapshot of a provider's draft: links resolved and dated, instants and progress checked, doubts told. */
export const normalizeSnapshot = (draft: SnapshotDraft, subject: SnapshotContext): TaskSnapshot => {
  const warnings: Array<string> = []
  const warn = (warning: string): void => {
    if (!warnings.includes(warning)) warnings.push(warning)
  }
  for (const warning of draft.warnings ?? []) warn(warning)
  const status = readStatus(draft, subject.statuses)
  const createdAt = instant(draft.createdAt, "createdAt", warn)
  const updatedAt = instant(draft.updatedAt, "updatedAt", warn)
  const completedAt = isTerminal(status) ? instant(draft.completedAt, "completedAt", warn) : null
  const outputs: Array<Output> = []
  const seen = new Set<string>()
  for (const each of draft.outputs ?? []) {
    const output = normaliseOutput(each, subject, completedAt, warn)
    const key = output === null ? "" : `${output.role} ${output.url ?? output.inline?.base64 ?? ""}`
    if (output === null || seen.has(key)) continue
    seen.add(key)
    outputs.push(output)
  }
  if (status === "succeeded" && outputs.length === 0) {
    warn("The task succeeded, and the vendor's answer holds no usable output.")
  }
  return {
    ref: subject.ref,
    provider: subject.provider,
    account: subject.account,
    id: subject.id,
    status,
    rawStatus: text(draft.rawStatus),
    progress: progress(status, draft.progress),
    model: text(draft.model),
    prompt: text(draft.prompt),
    createdAt,
    updatedAt,
    completedAt,
    outputs: outputs.length === 0 ? nothing : outputs,
    failure: normaliseFailure(status, draft.failure),
    warnings: warnings.length === 0 ? nothing : warnings
  }
}
