/** Where results are kept: a service of this program's own, so that a test or another program can keep them elsewhere. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { Tasks } from "@gentask/core/effect"
import type { QueryError, SavedFile, SaveError, SucceededSnapshot } from "@gentask/core"

const kept = Metric.counter("example_kept_bytes", { description: "Bytes of results, by kind" })

/** Keeps what tasks made. */
export class Gallery extends Context.Service<
  Gallery,
  {
    readonly keep: (
      task: SucceededSnapshot
    ) => Effect.Effect<ReadonlyArray<SavedFile>, SaveError | QueryError>
  }
>()("example/Gallery") {
  /** In a folder. */
  static readonly layerFolder = (dir: string): Layer.Layer<Gallery, never, Tasks> =>
    Layer.effect(
      Gallery,
      Effect.gen(function* () {
        const tasks = yield* Tasks
        const keep = Effect.fn("Gallery.keep")(function* (task: SucceededSnapshot) {
          yield* Effect.annotateCurrentSpan({ ref: task.ref })
          const files = yield* tasks.save(task, { dir })
          for (const { bytes, output } of files)
            yield* Metric.update(Metric.withAttributes(kept, { kind: output.kind }), bytes)
          return files
        })
        return Gallery.of({ keep })
      })
    )
}
