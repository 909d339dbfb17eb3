import { createLogUpdate } from "log-update"
import type { Paint } from "./paint.ts"
import { renderFrame } from "./renderFrame.ts"
import type { Row } from "./renderFrame.ts"
import { terminalSize } from "./terminalSize.ts"

/** Draws live rows on a terminal. Each drawing replaces the previous one. */
export class LiveDisplay {
  readonly #stream: NodeJS.WriteStream
  readonly #logUpdate: ReturnType<typeof createLogUpdate>

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    this.#logUpdate = createLogUpdate(stream)
  }

  /** Draws the current rows. */
  draw(rows: ReadonlyArray<Row>, paint: Paint): void {
    const viewport = { ...terminalSize(this.#stream), now: Date.now(), paint }
    this.#logUpdate(renderFrame(rows, viewport).join("\n"))
  }

  /** Removes the rows, so that a line can be printed above them. */
  erase(): void {
    this.#logUpdate.clear()
  }

  /** Stops drawing, and leaves the rows on the screen. */
  end(): void {
    this.#logUpdate.done()
  }
}
