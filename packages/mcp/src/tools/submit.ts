import { randomUUID } from "node:crypto"
import { toJson } from "@gentask/core"
import type { MediaSource, SubmitInput, Submitted } from "@gentask/core"
import type { CallToolResult } from "@modelcontextprotocol/server"
import type { PreparedSubmit } from "../McpBackend.ts"
import type { McpContext } from "../McpOptions.ts"
import type { CallContext } from "../server/CallContext.ts"
import { inputMedia, openVendorInput } from "../files/inputMedia.ts"
import { describeTask } from "../results/describeTask.ts"
import { errorResult } from "../results/errorResult.ts"
import { toolResult } from "../results/toolResult.ts"
import { cleanText, jsonLine, quote } from "../results/vendorText.ts"
import { confirmSubmit, readRound } from "./confirmSubmit.ts"
import { submitSchema } from "./submitSchema.ts"
import type { SubmitArguments } from "./submitSchema.ts"
import { defineTool } from "./Tool.ts"

const openRequest = async (
  args: SubmitArguments,
  { roots }: McpContext
): Promise<Omit<SubmitInput, "idempotencyKey">> => {
  const {
    idempotencyKey: _,
    confirm: __,
    input,
    images,
    videos,
    audios,
    firstFrame,
    lastFrame,
    ...rest
  } = args
  const one = async (text: string | undefined): Promise<MediaSource | undefined> =>
    text === undefined ? undefined : inputMedia(text, roots)
  const list = async (
    texts: ReadonlyArray<string> | undefined
  ): Promise<ReadonlyArray<MediaSource> | undefined> =>
    texts === undefined ? undefined : Promise.all(texts.map((text) => inputMedia(text, roots)))
  return {
    ...rest,
    images: await list(images),
    videos: await list(videos),
    audios: await list(audios),
    firstFrame: await one(firstFrame),
    lastFrame: await one(lastFrame),
    input: (await openVendorInput(input ?? {}, roots)) as Readonly<Record<string, unknown>>
  }
}

const submittedResult = (
  { refs, snapshot, intent, idempotencyKey, isReplay, warnings }: Submitted,
  warning: string | undefined
): CallToolResult => {
  const all = [...snapshot.warnings, ...warnings, ...(warning === undefined ? [] : [warning])]
  const next = { refs }
  return toolResult(
    [
      isReplay
        ? "The idempotency key was used before: this is the task of then, and nothing new was paid."
        : "Submitted.",
      describeTask(snapshot),
      ...(refs.length > 1 ? [`Refs: ${refs.map((ref) => cleanText(ref)).join(" ")}`] : []),
      ...all.map((each) => `Warning: ${quote(each, 300)}`),
      `To wait for the result, call wait with ${jsonLine(next)}`
    ],
    // The members of gentask submit --json.
    {
      submitted: true,
      ...toJson(snapshot),
      warnings: all,
      refs,
      intent,
      idempotencyKey,
      isReplay,
      next: { tool: "wait", arguments: next }
    }
  )
}

const send = async (
  subject: string,
  { request, warning }: PreparedSubmit,
  { backend }: McpContext,
  { signal }: CallContext
): Promise<CallToolResult> => {
  // A client that has gone must not make the outcome unknown.
  if (signal.aborted)
    return errorResult(`Not submitted to ${subject}`, new Error("The call was canceled. Nothing was sent."), {
      submitted: false
    })
  try {
    return submittedResult(await backend.tasks.submit(request), warning)
  } catch (error) {
    return errorResult(`Submit to ${subject}`, error, {})
  }
}

export const submitTool = defineTool({
  name: "submit",
  title: "Create a task",
  description:
    "Creates an image or video task at a vendor, which may charge for it, and returns its ref at once. The user confirms first. Never submit the same request twice: after an error or a lost response, use list to look for the task, or repeat the call with the same idempotencyKey.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  inputSchema: submitSchema,
  run: async (args, context, call) => {
    const { backend } = context
    const subject = `${cleanText(args.account)} ${cleanText(args.model)}`
    const round = readRound(args, context, call)
    const key = args.idempotencyKey ?? round?.key ?? randomUUID()
    let request: SubmitInput
    let prepared: PreparedSubmit
    try {
      request = { ...(await openRequest(args, context)), idempotencyKey: key }
      prepared = await backend.prepare(request)
    } catch (error) {
      return errorResult(`Not submitted to ${subject}`, error, { submitted: false, account: args.account })
    }
    const instead = confirmSubmit(args, prepared, key, { context, call, round })
    if (instead !== undefined) return instead
    if (!prepared.isLimited) return send(subject, prepared, context, call)
    return context.submits.run(async () => {
      // Another call may have reached the limit since.
      const counted = await backend.prepare(request)
      return (
        confirmSubmit(args, counted, key, { context, call, round }) ?? send(subject, counted, context, call)
      )
    })
  }
})
