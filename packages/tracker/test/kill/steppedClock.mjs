/** Preloaded into a process: sets its wall clock forward or back after a while, as an administrator does. */
const { searchParams } = new URL(import.meta.url)
const stepMs = Number(searchParams.get("stepMs"))
const afterMs = Number(searchParams.get("afterMs"))
const SystemDate = Date
const now = () => SystemDate.now() + (performance.now() > afterMs ? stepMs : 0)

globalThis.Date = class extends SystemDate {
  static now() {
    return now()
  }

  constructor(...values) {
    super(...(values.length === 0 ? [now()] : values))
  }
}
