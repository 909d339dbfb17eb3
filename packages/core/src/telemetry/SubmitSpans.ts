/** Remembers the spans that submitted tasks. Used only if there is a tracer. */
import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import { parseTraceparent } from "./traceparent.ts"

/** How many tasks are remembered. */
const maxTasks = 10_000

/** How long a ledger may take to return the span of a task. */
const readTimeout = "1 second"

const none: Array<Tracer.SpanLink> = []

/** The spans that submitted tasks: those of this client, and those in its ledger. */
export class SubmitSpans {
  readonly #read: ((ref: string) => Promise<string | null | undefined>) | undefined
  readonly #spans = new Map<string, Tracer.AnySpan | undefined>()

  /** @param read Reads the `traceparent` of the submit of a task. Undefined if the client has no ledger. */
  constructor(read?: (ref: string) => Promise<string | null | undefined>) {
    this.#read = read
  }

  /** Remembers the span that submitted tasks. */
  add(refs: ReadonlyArray<string>, span: Tracer.AnySpan): void {
    for (const ref of refs) this.#set(ref, span)
  }

  /** Returns the link to the span that submitted a task. Empty if it is not known. */
  linksOf(ref: string): Effect.Effect<Array<Tracer.SpanLink>> {
    const read = this.#read
    if (read === undefined || this.#spans.has(ref)) return Effect.sync(() => this.#linksOf(ref))
    return Effect.tryPromise(() => read(ref)).pipe(
      Effect.timeoutOption(readTimeout),
      Effect.option,
      Effect.map((found) => {
        const text = found._tag === "Some" && found.value._tag === "Some" ? found.value.value : undefined
        if (!this.#spans.has(ref)) this.#set(ref, parseTraceparent(text))
        return this.#linksOf(ref)
      })
    )
  }

  #linksOf(ref: string): Array<Tracer.SpanLink> {
    const span = this.#spans.get(ref)
    return span === undefined ? none : [{ span, attributes: {} }]
  }

  #set(ref: string, span: Tracer.AnySpan | undefined): void {
    const [oldest] = this.#spans.keys()
    if (oldest !== undefined && this.#spans.size >= maxTasks) this.#spans.delete(oldest)
    this.#spans.set(ref, span)
  }
}
