import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { serverAttributes } from "../../telemetry/attributes.ts"
import { downloaded } from "../../telemetry/metrics.ts"
import { attributeNames as names, spanNames } from "../../telemetry/names.ts"
import type { DetectedMedia } from "./DetectedMedia.ts"
import type { DownloadError } from "./DownloadError.ts"
import type { SaveFailure } from "../SaveFailure.ts"
import type { PartFile } from "./PartFile.ts"

const errorTypeOf = (error: DownloadError | SaveFailure): string => error.reason._tag

/** Traces one attempt to download a file, and counts the bytes of a complete file. */
export const traceDownload = (
  ref: string,
  url: URL,
  part: PartFile,
  attempt: Effect.Effect<DetectedMedia, DownloadError | SaveFailure>
): Effect.Effect<DetectedMedia, DownloadError | SaveFailure> =>
  Effect.withFiber(({ cache, context }) => {
    const counted = Effect.tap(attempt, () =>
      Effect.sync(() => {
        const [provider = ""] = ref.split(/[@:]/, 1)
        Metric.withAttributes(downloaded, { [names.provider]: provider }).updateUnsafe(part.size, context)
      })
    )
    if (cache.tracer === undefined) return counted
    const annotated = counted.pipe(
      Effect.tap(({ mediaType }) =>
        Effect.annotateCurrentSpan({
          [names.fileSize]: part.size,
          [names.fileDigest]: part.hash.copy().digest("hex"),
          [names.fileMediaType]: mediaType
        })
      ),
      Effect.tapError((error) => Effect.annotateCurrentSpan(names.errorType, errorTypeOf(error)))
    )
    return Effect.withSpan(annotated, spanNames.download, {
      kind: "client",
      captureStackTrace: false,
      attributes: { [names.ref]: ref, ...serverAttributes(url) }
    })
  })
