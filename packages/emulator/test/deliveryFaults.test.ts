/** Delivery faults on the wire. */
import { setImmediate } from "node:timers/promises"
import { assert, describe, it, vi } from "vitest"
import type { DeliveryFault, Emulator } from "../src/index.ts"
import { startEmulator } from "../src/index.ts"
import { queryTask, send, start } from "./support.ts"
import { queryRaw, getRaw, headerOf, statusOf } from "./wire.ts"
import type { RawResponse } from "./wire.ts"

interface Comparison {
  /** The response without a fault. */
  readonly normal: RawResponse
  readonly faulty: RawResponse
}

type RequestTwice = (
  emulator: Emulator,
  fault: DeliveryFault,
  idleTimeout?: number | "whole"
) => Promise<Comparison>

const query: RequestTwice = async (emulator, fault, idleTimeout) => {
  // Every response has the same body, which is long enough to be cut off.
  const responses = [
    { body: { status: "pending", prompt: "A cat. ".repeat(200) }, times: "forever" }
  ] as const
  const task = emulator.addTask({ vendor: "sora", responses, faults: [fault] })
  const faulty = await queryRaw(emulator, { ...task, vendor: "sora" }, idleTimeout)
  return { faulty, normal: await queryRaw(emulator, { ...task, vendor: "sora" }, "whole") }
}

const media: RequestTwice = async (emulator, fault, idleTimeout) => {
  const task = emulator.addTask({ vendor: "jimmy", media: ["webp"], mediaFaults: [fault] })
  const { body } = await queryTask(emulator, task)
  const link: string = body.data.result.image_url
  const faulty = await getRaw(link, {}, idleTimeout)
  return { faulty, normal: await getRaw(link, {}, "whole") }
}

const lengthOf = (response: RawResponse): number => Number(headerOf(response, "content-length"))

const assertPrefix = ({ faulty, normal }: Comparison, length: number): void => {
  assert.strictEqual(statusOf(faulty), 200)
  assert.strictEqual(faulty.body.length, length)
  assert.isTrue(faulty.body.equals(normal.body.subarray(0, length)))
}

/** Decodes a chunked body. `isEnded` is whether it has the last chunk. */
const decodeChunks = (body: Buffer): { readonly bytes: Buffer; readonly isEnded: boolean } => {
  const bytes: Buffer[] = []
  for (let at = 0; at < body.length;) {
    const line = body.indexOf("\r\n", at)
    const size = Number.parseInt(body.subarray(at, line).toString("latin1"), 16)
    if (size === 0) return { bytes: Buffer.concat(bytes), isEnded: true }
    bytes.push(body.subarray(line + 2, line + 2 + size))
    at = line + 2 + size + 2
  }
  return { bytes: Buffer.concat(bytes), isEnded: false }
}

describe.each([
  ["a query", query],
  ["a result", media]
] as const)("%s", (_, requestTwice) => {
  it("is not affected by the fault none", async () => {
    const { faulty, normal } = await requestTwice(await start(), { fault: "none" }, "whole")
    assert.deepEqual([faulty.body.length, faulty.end], [normal.body.length, "open"])
  })

  it("is delayed", async () => {
    const result = await requestTwice(await start(), { fault: "delay", ms: 80 }, "whole")
    assertPrefix(result, result.normal.body.length)
    assert.isAtLeast(result.faulty.firstByte, 79)
    assert.strictEqual(result.faulty.end, "open")
  })

  it("hangs before its headers", async () => {
    const { faulty } = await requestTwice(await start(), { fault: "hang" }, 80)
    assert.deepEqual([faulty.head, faulty.body.length, faulty.end], ["", 0, "open"])
  })

  it("hangs in the middle of its body by default", async () => {
    const emulator = await start()
    const half = await requestTwice(emulator, { fault: "hang", when: "body" }, 80)
    assertPrefix(half, Math.floor(half.normal.body.length / 2))
    assert.deepEqual([half.faulty.end, lengthOf(half.faulty)], ["open", half.normal.body.length])
  })

  it("hangs after the given bytes and is then reset", async () => {
    const { faulty } = await requestTwice(await start(), { fault: "hang", after: 7, for: 60 })
    assert.deepEqual([faulty.body.length, faulty.end], [7, "reset"])
    assert.isAtLeast(faulty.took, 59)
  })

  it("is reset before its headers", async () => {
    const { faulty } = await requestTwice(await start(), { fault: "reset" })
    assert.deepEqual([faulty.head, faulty.body.length, faulty.end], ["", 0, "reset"])
  })

  it("is reset in the middle of its body", async () => {
    const emulator = await start()
    const result = await requestTwice(emulator, { fault: "reset", when: "body" })
    assertPrefix(result, Math.floor(result.normal.body.length / 2))
    assert.strictEqual(result.faulty.end, "reset")
  })

  it("is reset after the given bytes, or after the whole body if that is shorter", async () => {
    const few = await requestTwice(await start(), { fault: "reset", after: 100 })
    assertPrefix(few, 100)
    const all = await requestTwice(await start(), { fault: "reset", after: 1_000_000 })
    assertPrefix(all, all.normal.body.length)
    assert.deepEqual([few.faulty.end, all.faulty.end], ["reset", "reset"])
  })

  it("is truncated although its whole length is announced", async () => {
    const result = await requestTwice(await start(), { fault: "truncated", after: 11 })
    assertPrefix(result, 11)
    assert.deepEqual([result.faulty.end, lengthOf(result.faulty)], ["fin", result.normal.body.length])
  })

  it("is truncated without its last chunk", async () => {
    const { faulty, normal } = await requestTwice(await start(), { fault: "truncated", framing: "chunked" })
    const { bytes, isEnded } = decodeChunks(faulty.body)
    assert.deepEqual([headerOf(faulty, "transfer-encoding"), isEnded, faulty.end], ["chunked", false, "fin"])
    assert.isTrue(bytes.equals(normal.body.subarray(0, Math.floor(normal.body.length / 2))))
  })

  it("is truncated and looks complete without a length", async () => {
    const fault = { fault: "truncated", after: 11, framing: "close" } as const
    const result = await requestTwice(await start(), fault)
    assertPrefix(result, 11)
    const { faulty } = result
    assert.deepEqual([faulty.end, headerOf(faulty, "connection")], ["fin", "close"])
    assert.isUndefined(headerOf(faulty, "content-length") ?? headerOf(faulty, "transfer-encoding"))
  })

  it.each([9, -9])("announces %d bytes more than it has", async (by) => {
    const result = await requestTwice(await start(), { fault: "wrong-length", by })
    assertPrefix(result, result.normal.body.length)
    assert.deepEqual([lengthOf(result.faulty), result.faulty.end], [result.normal.body.length + by, "fin"])
  })

  it("is sent slowly", async () => {
    const result = await requestTwice(await start(), { fault: "slow", bytesPerSecond: 20_000 }, "whole")
    assertPrefix(result, result.normal.body.length)
    // One write every 50 ms, without a pause after the last one.
    const expected = (result.normal.body.length / 20_000) * 1000 - 50
    assert.isAtLeast(result.faulty.took, expected - 10)
    assert.isAtMost(result.faulty.took, expected + 1000)
  })

  it("is chunked", async () => {
    const { faulty, normal } = await requestTwice(await start(), { fault: "chunked" }, 80)
    const { bytes, isEnded } = decodeChunks(faulty.body)
    assert.deepEqual(
      [headerOf(faulty, "transfer-encoding"), headerOf(faulty, "content-length"), isEnded],
      ["chunked", undefined, true]
    )
    assert.isTrue(bytes.equals(normal.body))
  })

  it("ends with the connection", async () => {
    const result = await requestTwice(await start(), { fault: "close-delimited" })
    assertPrefix(result, result.normal.body.length)
    const { faulty } = result
    assert.deepEqual(
      [
        headerOf(faulty, "transfer-encoding"),
        headerOf(faulty, "content-length"),
        headerOf(faulty, "connection")
      ],
      [undefined, undefined, "close"]
    )
    assert.strictEqual(faulty.end, "fin")
  })
})

describe("a pending response", () => {
  it("ends when the emulator closes, together with its timers", async () => {
    const emulator = await startEmulator()
    const faults: DeliveryFault[] = [
      { fault: "hang" },
      { fault: "hang", when: "body" },
      { fault: "hang", for: 60_000 },
      { fault: "delay", ms: 60_000 },
      { fault: "slow", bytesPerSecond: 1 }
    ]
    const responses = faults.map((fault) => {
      const task = emulator.addTask({ vendor: "jimmy", faults: [fault] })
      return queryRaw(emulator, { ...task, vendor: "jimmy" }, 5000)
    })
    await vi.waitFor(() => assert.lengthOf(emulator.requests, faults.length), 15_000)
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length
    const before = timers()
    await emulator.close()
    const ended = await Promise.all(responses)
    assert.isTrue(ended.every(({ end, took }) => end !== "open" && took < 2000))
    // The timers of the limited hang, the delay and the slow body.
    while (timers() > before - 3) await setImmediate()
  })

  it("ends when the client disconnects, and the emulator continues to work", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", faults: [{ fault: "delay", ms: 60_000, times: 2 }] })
    await queryRaw(emulator, { ...task, vendor: "jimmy" }, 10)
    const controller = new AbortController()
    const aborted = fetch(`${emulator.url}/api/open-api/v1/images/${task.id}`, {
      headers: { authorization: `Bearer ${emulator.apiKey}` },
      signal: controller.signal
    }).catch((error: Error) => error.name)
    await vi.waitFor(() => assert.lengthOf(emulator.requests, 2), 15_000)
    controller.abort()
    assert.strictEqual(await aborted, "AbortError")
    assert.strictEqual((await queryTask(emulator, task)).status, 200)
  })
})

describe("a HEAD request", () => {
  it("has the same faults as GET, without a body", async () => {
    const emulator = await start()
    const script = { vendor: "jimmy", mediaSize: 3_000_000_000, media: ["mp4"], kind: "image" } as const
    const task = emulator.addTask({ ...script, mediaFaults: [{ fault: "slow", bytesPerSecond: 1 }] })
    const link: string = (await queryTask(emulator, task)).body.data.result.image_url
    const slow = await send(link, { method: "HEAD" })
    const plain = await send(link, { method: "HEAD" })
    assert.deepEqual(
      [slow, plain].map(({ headers, body }) => [headers.get("content-length"), body]),
      [
        ["3000000000", ""],
        ["3000000000", ""]
      ]
    )
  })
})
