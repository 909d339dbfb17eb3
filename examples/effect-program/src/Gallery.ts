/** A service that stores results. Tests and other programs can provide another implementation. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { Tasks } from "@gentask/core/effect"
import type { QueryError, SavedFile, SaveError, SucceededSnapshot } from "@gentask/core"

const savedBytes = Metric.counter("example_saved_bytes", { description: "Bytes of saved results by kind" })

/** Stores the results of tasks. */
export class Gallery extends Context.Service<
  Gallery,
  {
    readonly store: (
      task: SucceededSnapshot
    ) => Effect.Effect<ReadonlyArray<SavedFile>, SaveError | QueryError>
  }
>()("example/Gallery") {
  /** A gallery in a folder. */
  static readonly layerFolder = (dir: string): Layer.Layer<Gallery, never, Tasks> =>
    Layer.effect(
      Gallery,
      Effect.gen(function* () {
        const tasks = yield* Tasks
        const store = Effect.fn("Gallery.store")(function* (task: SucceededSnapshot) {
          yield* Effect.annotateCurrentSpan({ ref: task.ref })
          const files = yield* tasks.save(task, { dir })
          for (const { bytes, output } of files)
            yield* Metric.update(Metric.withAttributes(savedBytes, { kind: output.kind }), bytes)
          return files
        })
        return Gallery.of({ store })
      })
    )
}
