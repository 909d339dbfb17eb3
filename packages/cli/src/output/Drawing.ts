/** Draws the live rows on a terminal, each time over the last ones. */
import { createLogUpdate } from "log-update"
import { renderFrame } from "./frame.ts"
import type { Row } from "./frame.ts"
import type { Paint } from "./paint.ts"

/** What is drawn below everything that is printed. */
export class Drawing {
  readonly #stream: NodeJS.WriteStream
  readonly #log: ReturnType<typeof createLogUpdate>

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    this.#log = createLogUpdate(stream)
  }

  /** Draws the rows as they are now. */
  draw(rows: ReadonlyArray<Row>, paint: Paint): void {
    const { columns, rows: height } = this.#stream
    this.#log(renderFrame(rows, { columns, rows: height, now: Date.now(), paint }).join("\n"))
  }

  /** Takes the rows away, for a line to be printed. */
  erase(): void {
    this.#log.clear()
  }

  /** Leaves the rows where they are. */
  end(): void {
    this.#log.done()
  }
}
