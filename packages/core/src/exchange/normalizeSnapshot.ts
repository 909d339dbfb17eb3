import type { ProviderSpec } from "../provider/ProviderSpec.ts"
import type { FailureDraft, InstantInput, OutputDraft, SnapshotDraft } from "../provider/SnapshotDraft.ts"
import { classifyFailure } from "../provider/classifyFailure.ts"
import { statusTable } from "../provider/statusTable.ts"
import { trimLink } from "../provider/trimLink.ts"
import type { Amount } from "../task/Amount.ts"
import type { Failure, FailureReason } from "../task/Failure.ts"
import type { InlineMedia, Output } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import type { TaskStatus } from "../task/TaskStatus.ts"
import { linkExpiry } from "./linkExpiry.ts"
import { isZoneless, parseInstant } from "./parseInstant.ts"

/** What a snapshot needs beyond the provider's draft. */
export interface SnapshotContext {
  /** The task ref as text. */
  readonly ref: string
  /** The provider's id. */
  readonly provider: string
  /** The account's name. */
  readonly account: string
  /** The vendor's task id. */
  readonly id: string
  /** The base URL of relative links. */
  readonly baseUrl: URL
  /** When the response was received, in milliseconds since 1970. */
  readonly at?: number
  /** How long the vendor keeps outputs after the task has completed, by kind, in milliseconds. */
  readonly resultLifetime: ProviderSpec["resultLifetimeMs"]
  /** The vendor's words for each status. */
  readonly statuses?: ProviderSpec["statuses"]
}

type Warn = (warning: string) => void

/** Most snapshots have no outputs and no warnings. Sharing one array saves memory for each polled task. */
const empty: ReadonlyArray<never> = Object.freeze([])

const normalizeText = (value: unknown): string | null => {
  if (typeof value === "number" && Number.isFinite(value)) return String(value)
  return typeof value === "string" && value !== "" ? value : null
}

const normalizeSize = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value > 0 ? value : null

const normalizeInstant = (value: InstantInput, name: string, warn: Warn): Date | null => {
  if (value === null || value === undefined || value === 0 || value === "" || value === "0") return null
  if (typeof value === "string" && isZoneless(value)) warn(`${name} has no time zone. UTC was assumed.`)
  const date = parseInstant(value)
  if (date === null) warn(`Ignored ${name}: "${String(value).slice(0, 40)}" is not a valid date.`)
  return date
}

const parseBase64 = (value: string): InlineMedia | null => {
  const base64 = value.replace(/^data:[^,]*;base64,/i, "").replace(/\s+/g, "")
  if (base64 === "" || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) return null
  return { base64, bytes: Math.floor((base64.replace(/=+$/, "").length * 3) / 4) }
}

const maxShownLength = 80

const mediaTypeOf = (dataUri: string): string | null =>
  /^data:([\w.+-]+\/[\w.+-]+)/i.exec(dataUri)?.[1]?.toLowerCase() ?? null

/** The paths of requests are below that of the base URL, whether it ends in a slash or not. */
const asFolder = ({ href }: URL): string => (href.endsWith("/") ? href : `${href}/`)

const resolveLink = (value: string, baseUrl: URL): URL | null => {
  const trimmed = trimLink(value)
  if (trimmed === "") return null
  // Node would parse the base URL even for an absolute link.
  const url = /^https?:\/\//i.test(trimmed)
    ? URL.parse(trimmed)
    : // A bare object key, without a host and a leading slash, is not a link on the API's host.
      /^\/|^\.{1,2}\//.test(trimmed)
      ? URL.parse(trimmed, trimmed.startsWith(".") ? asFolder(baseUrl) : baseUrl.href)
      : null
  if (url === null) return null
  return (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.password === ""
    ? url
    : null
}

const addLifetime = (start: number | undefined, lifetimeMs: unknown): Date | null => {
  const isValid = typeof lifetimeMs === "number" && Number.isFinite(lifetimeMs) && lifetimeMs > 0
  return start === undefined || !isValid ? null : new Date(start + lifetimeMs)
}

const normalizeOutput = (
  draft: OutputDraft,
  context: SnapshotContext,
  completedAt: Date | null,
  warn: Warn
): Output | null => {
  const name = `a ${draft.role ?? "result"} ${draft.kind}`
  const link = normalizeText(draft.url)?.trim() ?? ""
  const isInline = /^data:/i.test(link)
  const base64 = isInline ? link : normalizeText(draft.base64)
  const output = {
    kind: draft.kind,
    role: draft.role ?? "result",
    mediaType: normalizeText(draft.mediaType) ?? (isInline ? mediaTypeOf(link) : null),
    width: normalizeSize(draft.width),
    height: normalizeSize(draft.height)
  } as const
  if (link !== "" && !isInline) {
    const url = resolveLink(link, context.baseUrl)
    if (url === null) {
      // A URL may contain a password.
      const shown = link.replace(/\/\/[^/@]*@/, "//…@").slice(0, maxShownLength)
      warn(`Ignored the link of ${name}: "${shown}" is not an http or https URL.`)
      return null
    }
    const expiresAt =
      normalizeInstant(draft.expiresAt, "expiresAt", warn) ??
      linkExpiry(url) ??
      addLifetime(context.at, draft.expiresInMs) ??
      addLifetime(completedAt?.getTime(), context.resultLifetime?.[draft.kind])
    const isPrivate = draft.isPrivate === true && url.origin === context.baseUrl.origin
    return { ...output, url: url.href, inline: null, expiresAt, ...(isPrivate ? { isPrivate } : {}) }
  }
  if (base64 !== null) {
    const inline = parseBase64(base64)
    if (inline === null) {
      warn(`Ignored the inline media of ${name}: it is not valid base64.`)
      return null
    }
    return { ...output, url: null, inline, expiresAt: null }
  }
  return null
}

const normalizeOutputs = (
  drafts: SnapshotDraft["outputs"],
  context: SnapshotContext,
  completedAt: Date | null,
  warn: Warn
): ReadonlyArray<Output> => {
  if (drafts === undefined || drafts.length === 0) return empty
  const outputs = new Map<string, Output>()
  for (const draft of drafts) {
    const output = normalizeOutput(draft, context, completedAt, warn)
    if (output === null) continue
    const key = `${output.role} ${output.url ?? output.inline?.base64 ?? ""}`
    if (!outputs.has(key)) outputs.set(key, output)
  }
  return outputs.size === 0 ? empty : [...outputs.values()]
}

const defaultReasons: Readonly<Partial<Record<TaskStatus, FailureReason>>> = {
  canceled: "canceled",
  expired: "timeout"
}

const normalizeFailure = (
  status: TaskStatus,
  draft: FailureDraft | null | undefined,
  rawStatus: string | null
): Failure | null => {
  if (!isTerminal(status) || status === "succeeded") return null
  const code = normalizeText(draft?.code)
  const message = normalizeText(draft?.message)
  const known = draft?.reason ?? defaultReasons[status]
  // A status such as "content moderated" may be all that the vendor reports.
  const found =
    known === undefined || known === "unknown"
      ? (classifyFailure(code, message) ?? classifyFailure(rawStatus))
      : undefined
  return {
    reason: found?.reason ?? known ?? "unknown",
    code,
    message,
    requestId: normalizeText(draft?.requestId),
    canResubmit: draft?.canResubmit ?? found?.canResubmit ?? null
  }
}

const noStatuses = {}

const normalizeStatus = (draft: SnapshotDraft, statuses: ProviderSpec["statuses"]): TaskStatus =>
  draft.status ?? statusTable(statuses ?? noStatuses)(normalizeText(draft.rawStatus))

const normalizeProgress = (status: TaskStatus, value: SnapshotDraft["progress"]): number | null => {
  if (typeof value !== "number" || !Number.isFinite(value)) return null
  // When a task fails, some vendors reset its progress to 0 and others set it to 100.
  if (isTerminal(status) && status !== "succeeded") return null
  return Math.min(1, Math.max(0, value))
}

const normalizeQueuePosition = (status: TaskStatus, value: SnapshotDraft["queuePosition"]): number | null =>
  !isTerminal(status) && typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null

const normalizeCost = (cost: SnapshotDraft["cost"]): Amount | null => {
  const unit = normalizeText(cost?.unit)
  if (unit === null || typeof cost?.amount !== "number" || !Number.isFinite(cost.amount)) return null
  return { amount: cost.amount, unit }
}

/**
 * Completes a provider's draft to a snapshot. Links become absolute and get an expiry date, dates and progress are
 * validated, and duplicate outputs are removed. Invalid values are left out with a warning in `warnings`.
 *
 * @param draft What the provider has read from the response.
 * @param context What the snapshot needs beyond the draft.
 */
export const normalizeSnapshot = (draft: SnapshotDraft, context: SnapshotContext): TaskSnapshot => {
  const warnings = new Set(draft.warnings)
  const warn: Warn = (warning) => warnings.add(warning)
  const status = normalizeStatus(draft, context.statuses)
  const rawStatus = normalizeText(draft.rawStatus)
  const createdAt = normalizeInstant(draft.createdAt, "createdAt", warn)
  const updatedAt = normalizeInstant(draft.updatedAt, "updatedAt", warn)
  const completedAt = isTerminal(status) ? normalizeInstant(draft.completedAt, "completedAt", warn) : null
  const outputs = normalizeOutputs(draft.outputs, context, completedAt, warn)
  if (status === "succeeded" && outputs.length === 0) {
    warn("The task succeeded, but the response contains no usable output.")
  } else if (
    status === "succeeded" &&
    outputs.every(({ role }) => role === "thumbnail" || role === "preview")
  ) {
    warn("The task succeeded, but the response contains only a thumbnail or a preview.")
  }
  return {
    ref: context.ref,
    provider: context.provider,
    account: context.account,
    id: context.id,
    status,
    rawStatus,
    progress: normalizeProgress(status, draft.progress),
    model: normalizeText(draft.model),
    prompt: normalizeText(draft.prompt),
    createdAt,
    updatedAt,
    completedAt,
    outputs,
    failure: normalizeFailure(status, draft.failure, rawStatus),
    queuePosition: normalizeQueuePosition(status, draft.queuePosition),
    cost: normalizeCost(draft.cost),
    ...(typeof draft.aigcMetaTagged === "boolean" ? { aigcMetaTagged: draft.aigcMetaTagged } : undefined),
    warnings: warnings.size === 0 ? empty : [...warnings]
  }
}
