/** `POST /api/chat`: creates a video for the last message of a chat, and streams its progress. */
import { basename } from "node:path"
import type { createGentaskProvider } from "@gentask/ai-sdk"
import type { Gentask } from "@gentask/core"
import {
  createUIMessageStream,
  createUIMessageStreamResponse,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo
} from "ai"
import type { UIMessage, UIMessageStreamWriter } from "ai"
import { Hono } from "hono"

/** What the browser shows about a video. */
interface VideoPart {
  readonly ref: string
  readonly status: string
  readonly progress: number | null
  /** Where this server has the video. Null until it is saved. */
  readonly url: string | null
}

/** A message with videos, for `useChat<VideoMessage>()` in a page. */
export type VideoMessage = UIMessage<unknown, { video: VideoPart }>

/** Options of the app. */
export interface AppOptions {
  readonly gentask: Gentask
  /** A provider with the option `save`, so that videos are saved on this server. */
  readonly provider: ReturnType<typeof createGentaskProvider>
  /** The id of the model, such as `sora:sora-2`. */
  readonly modelId: string
  /** Called with each ref, for your database. */
  readonly onRef: (ref: string) => void
  /** Called with each error, for the server's log. */
  readonly log: (error: unknown) => void
}

const textOf = ({ parts }: UIMessage): string =>
  parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")

/** Returns the path of the first saved video in the metadata of a status. */
const savedPath = (metadata: Readonly<Record<string, unknown>> | undefined): string | undefined => {
  const { videos } = (metadata?.["gentask"] ?? {}) as {
    readonly videos?: ReadonlyArray<{ readonly path: string }>
  }
  return videos?.[0]?.path
}

export const makeApp = ({ gentask, provider, modelId, onRef, log }: AppOptions): Hono => {
  const model = provider.video(modelId)

  /** Streams the progress of a task until its video is saved. The task continues when the browser disconnects. */
  const follow = async (
    ref: string,
    writer: UIMessageStreamWriter<VideoMessage>,
    signal: AbortSignal
  ): Promise<void> => {
    // A part with the same id replaces the previous one.
    const write = (data: Omit<VideoPart, "ref">): void =>
      writer.write({ type: "data-video", id: ref, data: { ref, ...data } })
    for await (const { status, progress } of gentask.watch(ref, { signal }))
      write({ status: status === "succeeded" ? "saving" : status, progress, url: null })
    const result = await getVideoStatus(model, { operation: ref, abortSignal: signal })
    if (result.status === "error") throw new Error(result.error)
    const path = savedPath(result.providerMetadata)
    if (path !== undefined)
      write({ status: "succeeded", progress: 1, url: `/videos/${encodeURIComponent(basename(path))}` })
  }

  return new Hono().post("/api/chat", async (context) => {
    const { messages, ref: resumed } = await context.req.json<{
      readonly messages: ReadonlyArray<VideoMessage>
      readonly ref?: string
    }>()
    const prompt = messages.at(-1)
    if (prompt === undefined) return context.json({ error: "no message" }, 400)
    const { signal } = context.req.raw
    const stream = createUIMessageStream<VideoMessage>({
      execute: async ({ writer }) => {
        let ref = resumed
        if (ref === undefined) {
          // Without the request's signal: an abort during the submit would leave its outcome unknown.
          const { operation } = await startVideo({ model, prompt: textOf(prompt) })
          ;({ ref } = operation as { readonly ref: string })
          onRef(ref)
        }
        await follow(ref, writer, signal)
      },
      // Visitors see a general message. The log has the details.
      onError: (error) => {
        log(error)
        return "The video could not be created."
      }
    })
    return createUIMessageStreamResponse({ stream })
  })
}
