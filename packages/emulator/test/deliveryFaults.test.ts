/** Faults below HTTP are on the wire what their names say. */
import { assert, describe, it } from "vitest"
import type { DeliveryFault, Emulator } from "../src/index.ts"
import { startEmulator } from "../src/index.ts"
import { ask, pause, send, start } from "./support.ts"
import { askRaw, getRaw, headerOf, statusOf } from "./wire.ts"
import type { RawAnswer } from "./wire.ts"

interface Struck {
  /** The answer without a fault. */
  readonly whole: RawAnswer
  readonly struck: RawAnswer
}

type Strike = (emulator: Emulator, fault: DeliveryFault, patience?: number | "whole") => Promise<Struck>

const query: Strike = async (emulator, fault, patience) => {
  // The same body at each asking, and one that is long enough to be cut.
  const answers = [{ body: { status: "pending", prompt: "A cat. ".repeat(200) }, times: "forever" }] as const
  const task = emulator.addTask({ vendor: "sora", answers, faults: [fault] })
  const struck = await askRaw(emulator, { ...task, vendor: "sora" }, patience)
  return { struck, whole: await askRaw(emulator, { ...task, vendor: "sora" }, "whole") }
}

const media: Strike = async (emulator, fault, patience) => {
  const task = emulator.addTask({ vendor: "jimmy", media: ["webp"], mediaFaults: [fault] })
  const { body } = await ask(emulator, task)
  const link: string = body.data.result.image_url
  const struck = await getRaw(link, {}, patience)
  return { struck, whole: await getRaw(link, {}, "whole") }
}

const lengthOf = (answer: RawAnswer): number => Number(headerOf(answer, "content-length"))

const isPart = ({ struck, whole }: Struck, length: number): void => {
  assert.strictEqual(statusOf(struck), 200)
  assert.strictEqual(struck.body.length, length)
  assert.isTrue(struck.body.equals(whole.body.subarray(0, length)))
}

/** A chunked body without its sizes; the last of them tells whether it was ended. */
const dechunked = (body: Buffer): { readonly bytes: Buffer; readonly isEnded: boolean } => {
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
] as const)("%s", (_, strike) => {
  it("is not disturbed by none", async () => {
    const { struck, whole } = await strike(await start(), { fault: "none" }, "whole")
    assert.deepEqual([struck.body.length, struck.end], [whole.body.length, "open"])
  })

  it("comes late, and then whole", async () => {
    const result = await strike(await start(), { fault: "delay", ms: 80 }, "whole")
    isPart(result, result.whole.body.length)
    assert.isAtLeast(result.struck.firstByte, 79)
    assert.strictEqual(result.struck.end, "open")
  })

  it("hangs before its headers", async () => {
    const { struck } = await strike(await start(), { fault: "hang" }, 80)
    assert.deepEqual([struck.head, struck.body.length, struck.end], ["", 0, "open"])
  })

  it("hangs in its body, after half of it or where it is told to", async () => {
    const emulator = await start()
    const half = await strike(emulator, { fault: "hang", when: "body" }, 80)
    isPart(half, Math.floor(half.whole.body.length / 2))
    assert.deepEqual([half.struck.end, lengthOf(half.struck)], ["open", half.whole.body.length])
  })

  it("hangs for a while, and then is reset", async () => {
    const { struck } = await strike(await start(), { fault: "hang", after: 7, for: 60 })
    assert.deepEqual([struck.body.length, struck.end], [7, "reset"])
    assert.isAtLeast(struck.took, 59)
  })

  it("is reset before its headers", async () => {
    const { struck } = await strike(await start(), { fault: "reset" })
    assert.deepEqual([struck.head, struck.body.length, struck.end], ["", 0, "reset"])
  })

  it("is reset in its body", async () => {
    const emulator = await start()
    const result = await strike(emulator, { fault: "reset", when: "body" })
    isPart(result, Math.floor(result.whole.body.length / 2))
    assert.strictEqual(result.struck.end, "reset")
  })

  it("is reset after so many bytes, and after all of them at most", async () => {
    const few = await strike(await start(), { fault: "reset", after: 100 })
    isPart(few, 100)
    const all = await strike(await start(), { fault: "reset", after: 1_000_000 })
    isPart(all, all.whole.body.length)
    assert.deepEqual([few.struck.end, all.struck.end], ["reset", "reset"])
  })

  it("ends too early under its whole length", async () => {
    const result = await strike(await start(), { fault: "truncated", after: 11 })
    isPart(result, 11)
    assert.deepEqual([result.struck.end, lengthOf(result.struck)], ["fin", result.whole.body.length])
  })

  it("ends too early without its last chunk", async () => {
    const { struck, whole } = await strike(await start(), { fault: "truncated", framing: "chunked" })
    const { bytes, isEnded } = dechunked(struck.body)
    assert.deepEqual([headerOf(struck, "transfer-encoding"), isEnded, struck.end], ["chunked", false, "fin"])
    assert.isTrue(bytes.equals(whole.body.subarray(0, Math.floor(whole.body.length / 2))))
  })

  it.each([9, -9])("announces %d bytes more than it has", async (by) => {
    const result = await strike(await start(), { fault: "wrong-length", by })
    isPart(result, result.whole.body.length)
    assert.deepEqual([lengthOf(result.struck), result.struck.end], [result.whole.body.length + by, "fin"])
  })

  it("comes slowly", async () => {
    const result = await strike(await start(), { fault: "slow", bytesPerSecond: 20_000 }, "whole")
    isPart(result, result.whole.body.length)
    // A piece of a twentieth of a second each, and nothing to wait for after the last.
    const expected = (result.whole.body.length / 20_000) * 1000 - 50
    assert.isAtLeast(result.struck.took, expected - 10)
    assert.isAtMost(result.struck.took, expected + 1000)
  })

  it("comes chunked", async () => {
    const { struck, whole } = await strike(await start(), { fault: "chunked" }, 80)
    const { bytes, isEnded } = dechunked(struck.body)
    assert.deepEqual(
      [headerOf(struck, "transfer-encoding"), headerOf(struck, "content-length"), isEnded],
      ["chunked", undefined, true]
    )
    assert.isTrue(bytes.equals(whole.body))
  })

  it("ends where the connection ends", async () => {
    const result = await strike(await start(), { fault: "close-delimited" })
    isPart(result, result.whole.body.length)
    const { struck } = result
    assert.deepEqual(
      [
        headerOf(struck, "transfer-encoding"),
        headerOf(struck, "content-length"),
        headerOf(struck, "connection")
      ],
      [undefined, undefined, "close"]
    )
    assert.strictEqual(struck.end, "fin")
  })
})

describe("what hangs", () => {
  it("ends at close, with its timers", async () => {
    const emulator = await startEmulator()
    const faults: DeliveryFault[] = [
      { fault: "hang" },
      { fault: "hang", when: "body" },
      { fault: "hang", for: 60_000 },
      { fault: "delay", ms: 60_000 },
      { fault: "slow", bytesPerSecond: 1 }
    ]
    const answers = faults.map((fault) => {
      const task = emulator.addTask({ vendor: "jimmy", faults: [fault] })
      return askRaw(emulator, { ...task, vendor: "jimmy" }, 5000)
    })
    while (emulator.requests.length < faults.length) await pause(5)
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length
    const before = timers()
    await emulator.close()
    const ended = await Promise.all(answers)
    assert.isTrue(ended.every(({ end, took }) => end !== "open" && took < 2000))
    await pause(20)
    // Those of the hanging one that is to be reset, of the delay and of the slow body.
    assert.isAtMost(timers(), before - 3)
  })

  it("ends when the client leaves, and the server goes on", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", faults: [{ fault: "delay", ms: 40, times: 2 }] })
    await askRaw(emulator, { ...task, vendor: "jimmy" }, 10)
    const left = fetch(`${emulator.url}/api/open-api/v1/images/${task.id}`, {
      headers: { authorization: `Bearer ${emulator.apiKey}` },
      signal: AbortSignal.timeout(10)
    })
    assert.strictEqual(await left.catch((error: Error) => error.name), "TimeoutError")
    assert.strictEqual((await ask(emulator, task)).status, 200)
  })
})

describe("HEAD", () => {
  it("is disturbed as GET is, without a body", async () => {
    const emulator = await start()
    const script = { vendor: "jimmy", mediaSize: 3_000_000_000, media: ["mp4"], kind: "image" } as const
    const task = emulator.addTask({ ...script, mediaFaults: [{ fault: "slow", bytesPerSecond: 1 }] })
    const link: string = (await ask(emulator, task)).body.data.result.image_url
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
