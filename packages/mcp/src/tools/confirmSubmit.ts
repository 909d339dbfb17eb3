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
const answerSchema = z.object({ confirm: z.boolean().describe("Submit and pay") })

/** What a client returns with the user's answer. It binds the answer to the request, and repeats of it to one task. */
const stateSchema = z.object({ digest: z.string(), key: z.string(), expiresAt: z.number() })

const digestOf = (args: SubmitArguments): string =>
  createHash("sha256").update(JSON.stringify(args)).digest("base64url")

/** Returns the idempotency key of an earlier round of the same call. Undefined if there was none. */
export const keyOfRound = (
  args: SubmitArguments,
  { secret }: McpContext,
  { requestState }: CallContext
): string | undefined => {
  if (requestState === undefined) return undefined
  const state = stateSchema.safeParse(new Signer(secret).read(purpose, requestState)).data
  return state === undefined || state.digest !== digestOf(args) || state.expiresAt < Date.now()
    ? undefined
    : state.key
}

const describe = ({ account, model, prompt, count, duration }: SubmitArguments): string =>
  [
    `${cleanText(account)} ${cleanText(model)}`,
    prompt === undefined ? "" : `prompt ${quote(prompt, 300)}`,
    count === undefined ? "" : `${count} outputs`,
    duration === undefined ? "" : `${duration} seconds`
  ]
    .filter(Boolean)
    .join(", ")

const notSent = (
  lines: ReadonlyArray<string>,
  record: Readonly<Record<string, unknown>>,
  isError = false
): CallToolResult => toolResult(lines, { submitted: false, ...record }, { isError })

/** The call that needs a confirmation. */
interface Confirmation {
  readonly context: McpContext
  readonly call: CallContext
  /** Whether the call continues one that has asked the user. */
  readonly hasState: boolean
}

/** Decides by the user's response to an elicitation. */
const askUser = (
  args: SubmitArguments,
  { exceeded }: PreparedSubmit,
  key: string,
  { context, call, hasState }: Confirmation
): CallToolResult | InputRequiredResult | undefined => {
  const { inputResponses } = call
  if (hasState && inputResponses?.["confirm"] !== undefined) {
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
