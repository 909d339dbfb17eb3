import { assert, describe, it } from "vitest"
import { DownloadMeter } from "../src/output/DownloadMeter.ts"

/** A meter with a sample every 100 ms, from the start to the end. */
const meterOf = (start: number, end: number, bytesPerSecond: number): DownloadMeter => {
  const meter = new DownloadMeter()
  for (let now = start; now <= end; now += 100)
    meter.update(((now - start) * bytesPerSecond) / 1000, null, now)
  return meter
}

describe("DownloadMeter", () => {
  it("has no speed until it has measured for a quarter of a second", () => {
    const meter = new DownloadMeter()
    assert.isUndefined(meter.bytesPerSecond(0))
    meter.update(500, 1000, 0)
    assert.isUndefined(meter.bytesPerSecond(100))
    assert.strictEqual(meter.bytesPerSecond(250), 0)
  })

  it("measures the last seconds", () => {
    const meter = meterOf(0, 20_000, 1000)
    assert.strictEqual(meter.bytesPerSecond(20_000), 1000)
    for (let now = 20_100; now <= 25_000; now += 100) meter.update(20_000 + (now - 20_000) * 2, null, now)
    assert.strictEqual(meter.bytesPerSecond(25_000), 2000)
  })

  it("does not count the bytes of an earlier download", () => {
    const meter = new DownloadMeter()
    meter.update(900_000, 1_000_000, 0)
    meter.update(901_000, 1_000_000, 1000)
    assert.strictEqual(meter.bytesPerSecond(1000), 1000)
  })

  it("falls to 0 when nothing more is received", () => {
    const meter = meterOf(0, 5000, 1000)
    assert.strictEqual(meter.bytesPerSecond(7500), 500)
    assert.strictEqual(meter.bytesPerSecond(10_000), 0)
  })

  it("starts again when the download starts again", () => {
    const meter = meterOf(0, 5000, 1000)
    meter.update(10, null, 5100)
    assert.strictEqual(meter.bytes, 10)
    assert.isUndefined(meter.bytesPerSecond(5100))
  })
})
