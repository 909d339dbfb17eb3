/** Where a result of AI GPT Image keeps its links. */
import type { OutputDraft } from "@gentask/core/provider"
import type { AigptimageResult } from "./wire.ts"

/** The format does not say what a link leads to, but for `audioUrl`; kie.ai serves videos by the same names. */
const kindOf = (url: string): OutputDraft["kind"] => {
  const extension = /\.(\w+)$/.exec(url.split(/[?#]/, 1)[0] ?? "")?.[1]?.toLowerCase() ?? ""
  if (["mp4", "mov", "webm"].includes(extension)) return "video"
  return ["mp3", "wav", "m4a", "ogg"].includes(extension) ? "audio" : "image"
}

/** The media of a result, under whatever name. */
export const readOutputs = (made: AigptimageResult | undefined): ReadonlyArray<OutputDraft> => {
  const links = [
    ...(made?.resultUrls ?? []),
    ...(made?.response?.resultUrls ?? []),
    ...(made?.images ?? []),
    made?.resultImageUrl,
    made?.url
  ]
  return [
    ...links.map((url): OutputDraft => ({ kind: kindOf(url ?? ""), url })),
    { kind: "audio", url: made?.audioUrl }
  ]
}
