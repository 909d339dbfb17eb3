import { createHash } from "node:crypto"
import { acceptedContent, inputRequired } from "@modelcontextprotocol/server"
import type { CallToolResult, InputRequiredResult } from "@modelcontextprotocol/server"
import * as z from "zod"
import type { PreparedSubmit } from "../McpBackend.ts"
import type { McpContext } from "../McpOptions.ts"
import { toolResult } from "../results/toolResult.ts"
import { cleanText, jsonLine, quote } from "../results/vendorText.ts"
import type { CallContext } from "../server/CallContext.ts"
import { Signer } from "../server/handles.ts"
import type { SubmitArguments } from "./submitSchema.ts"

/** How long the user may take to answer, in milliseconds. */
const maxAnswerMs = 60 * 60 * 1000
const purpose = "submit"

/** How many files or URLs of an input are shown to the user. */
const maxShown = 4

const answerSchema = z.object({ confirm: z.boolean().describe("Submit and pay") })

/** What a client returns with the user's answer. It binds the answer to the request, and repeats of it to one task. */
const stateSchema = z.object({
  digest: z.string(),
  key: z.string(),
  isExceeded: z.boolean(),
  expiresAt: z.number()
})

/** An earlier round of the same call, which has asked the user. */
export interface ConfirmationRound {
  /** The idempotency key of the call. */
  readonly key: string
  /** Whether the question said that a limit is exceeded. */
  readonly isExceeded: boolean
}

const digestOf = (args: SubmitArguments): string =>
  createHash("sha256").update(JSON.stringify(args)).digest("base64url")

/** Returns the earlier round of the same call. Undefined if the user was not asked yet. */
export const readRound = (
  args: SubmitArguments,
  { secret }: McpContext,
  { requestState }: CallContext
): ConfirmationRound | undefined => {
  if (requestState === undefined) return undefined
  const state = stateSchema.safeParse(new Signer(secret).read(purpose, requestState)).data
  return state === undefined || state.digest !== digestOf(args) || state.expiresAt < Date.now()
    ? undefined
    : state
}

const inputNames = ["firstFrame", "lastFrame", "images", "videos", "audios"] as const

/** Describes what is paid for, and what is sent to the vendor, such as files of the user. */
const describe = (args: SubmitArguments): string => {
  const { account, model, prompt, count, duration, input = {} } = args
  const media = inputNames.flatMap((name) => {
    const sources = [args[name] ?? []].flat()
    const shown = sources.slice(0, maxShown).map((each) => quote(each, 120))
    const more = sources.length - shown.length
    return sources.length === 0 ? [] : [`${name} ${shown.join(" ")}${more > 0 ? ` and ${more} more` : ""}`]
  })
  return [
    `${cleanText(account)} ${cleanText(model)}`,
    prompt === undefined ? "" : `prompt ${quote(prompt, 300)}`,
    count === undefined ? "" : `${count} outputs`,
    duration === undefined ? "" : `${duration} seconds`,
    ...media,
    Object.keys(input).length === 0 ? "" : `the vendor's own input ${cleanText(JSON.stringify(input), 300)}`
  ]
    .filter(Boolean)
    .join(", ")
}

const notSent = (
  lines: ReadonlyArray<string>,
  record: Readonly<Record<string, unknown>>,
  isError = false
): CallToolResult => toolResult(lines, { submitted: false, ...record }, { isError })

/** The call that needs a confirmation. */
interface Confirmation {
  readonly context: McpContext
  readonly call: CallContext
  /** The earlier round of the call. Undefined in the first one. */
  readonly round: ConfirmationRound | undefined
}

/** Decides by the user's response to an elicitation. */
const askUser = (
  args: SubmitArguments,
  { exceeded }: PreparedSubmit,
  key: string,
  { context, call, round }: Confirmation
): CallToolResult | InputRequiredResult | undefined => {
  const { inputResponses } = call
  const isExceeded = exceeded.length > 0
  // A limit that was reached since needs a confirmation of its own.
  const wasAsked = round !== undefined && (round.isExceeded || !isExceeded)
  if (wasAsked && inputResponses?.["confirm"] !== undefined) {
    if (acceptedContent(inputResponses, "confirm", answerSchema)?.confirm === true) return undefined
    return notSent(
      [
        "The user did not confirm. Nothing was sent, and nothing was paid. Do not submit this unless the user asks for it."
      ],
      {
        reason: "declined"
      }
    )
  }
  return inputRequired({
    inputRequests: {
      confirm: inputRequired.elicit({
        message: [`Submit ${describe(args)}? The vendor may charge for it.`, ...exceeded].join(" "),
        requestedSchema: answerSchema
      })
    },
    requestState: new Signer(context.secret).sign(purpose, {
      digest: digestOf(args),
      key,
      isExceeded,
      expiresAt: Date.now() + maxAnswerMs
    })
  })
}

/**
 * Checks that a submit is confirmed: by the user through an elicitation, or else by the argument `confirm`. A limit that is
 * exceeded can be confirmed only by the user.
 *
 * @returns What to return instead of submitting. Undefined if the submit is confirmed.
 */
export const confirmSubmit = (
  args: SubmitArguments,
  prepared: PreparedSubmit,
  key: string,
  confirmation: Confirmation
): CallToolResult | InputRequiredResult | undefined => {
  const { exceeded, isRepeat } = prepared
  const { context, call } = confirmation
  // Nothing new is paid.
  if (isRepeat) return undefined
  if (context.autoConfirm === true && exceeded.length === 0) return undefined
  if (call.canElicit) return askUser(args, prepared, key, confirmation)
  if (exceeded.length > 0)
    return notSent(
      [
        `${exceeded.map((each) => cleanText(each)).join(" ")} Nothing was sent. Only the user can submit more, with the command gentask submit or a higher limit in gentask.config.json.`
      ],
      { reason: "limit" },
      true
    )
  // With a key, a call that is repeated after a lost response does not pay twice.
  if (args.confirm && args.idempotencyKey !== undefined) return undefined
  const next = { ...args, idempotencyKey: args.idempotencyKey ?? key, confirm: true }
  return notSent(
    [
      `Nothing was sent yet. Valid request: ${describe(args)}.`,
      `The vendor may charge for it. If the user agrees to pay, call submit with ${jsonLine(next)}`
    ],
    { reason: "confirmation", next: { tool: "submit", arguments: next } }
  )
}
