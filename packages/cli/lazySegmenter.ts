/**
 * Replaces `Intl.Segmenter` in the bundle: see tsup.config.ts. Effect's help creates one when it is imported, and the first
 * one of a process takes more than 10 ms. This one creates it on first use.
 */
const { Segmenter } = Intl

export class LazySegmenter {
  readonly #arguments: ConstructorParameters<typeof Segmenter>
  #segmenter: Intl.Segmenter | undefined

  constructor(...args: ConstructorParameters<typeof Segmenter>) {
    this.#arguments = args
  }

  segment(input: string): Intl.Segments {
    this.#segmenter ??= new Segmenter(...this.#arguments)
    return this.#segmenter.segment(input)
  }
}
