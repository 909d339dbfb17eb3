/** Another tracker uses the same SQLite file. */
export class TrackerRunning extends Error {
  /** Always `TrackerRunning`. */
  override readonly name = "TrackerRunning"
  /** The file. */
  readonly path: string
  /** The process id of the other tracker. Null if it is unknown. */
  readonly pid: number | null
  /** The URL of the other tracker. Null if it is unknown. */
  readonly url: string | null

  constructor(path: string, { pid, url }: { readonly pid: number | null; readonly url: string | null }) {
    const which = pid === null ? "" : ` (process ${pid}${url === null ? "" : ` at ${url}`})`
    super(
      `Another tracker${which} uses ${path}. ${url === null ? "Stop it first." : "Send requests to it, or stop it first."}`
    )
    this.path = path
    this.pid = pid
    this.url = url
  }
}
