import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { LargeParts } from "../src/transport/LargeParts.ts"

/** A source that notes when it was held back and let go. */
const noted = () => {
  const calls: Array<"pause" | "resume"> = []
  return { calls, pause: () => void calls.push("pause"), resume: () => void calls.push("resume") }
}

/** What came, copied, since a part is overwritten. */
const collect = async (parts: LargeParts, pause = 0): Promise<ReadonlyArray<string>> => {
  const collected: Array<string> = []
  for await (const part of parts) {
    collected.push(Buffer.from(part).toString("latin1"))
    if (pause > 0) await delay(pause)
  }
  return collected
}

const numbered = (count: number, size: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, number) => String(number).padStart(size, "."))

/** Pushes chunks one after the other, as a socket does, and stops while it is held back. */
const pushAll = async (
  parts: LargeParts,
  source: ReturnType<typeof noted>,
  chunks: ReadonlyArray<string>
): Promise<void> => {
  for (const chunk of chunks) {
    while (source.calls.at(-1) === "pause") await delay(1)
    parts.push(Buffer.from(chunk))
    await Promise.resolve()
  }
  parts.end()
}

describe("a body in large parts", () => {
  it("is whole and in order", async () => {
    const source = noted()
    const parts = new LargeParts(source)
    const chunks = numbered(400, 10_000)
    const [collected] = await Promise.all([collect(parts), pushAll(parts, source, chunks)])
    expect(collected.join("")).toBe(chunks.join(""))
  })

  it("gathers what comes while the reader is busy", async () => {
    const source = noted()
    const parts = new LargeParts(source)
    const chunks = numbered(100, 4000)
    const [collected] = await Promise.all([collect(parts, 50), pushAll(parts, source, chunks)])
    expect(collected.join("")).toBe(chunks.join(""))
    expect(collected.length).toBeLessThan(10)
  })

  it("holds its source back when a part is full, and lets it go when that part is taken", async () => {
    const source = noted()
    const parts = new LargeParts(source)
    const reading = parts[Symbol.asyncIterator]()
    for (let count = 0; count < 6; count += 1) parts.push(Buffer.alloc(64 * 1024))
    expect(source.calls).toEqual([])
    parts.push(Buffer.alloc(64 * 1024 + 1))
    expect(source.calls).toEqual(["pause"])
    // What was under way may still come.
    parts.push(Buffer.alloc(64 * 1024))
    expect(source.calls).toEqual(["pause"])
    const { value } = await reading.next()
    expect(value?.length).toBe(8 * 64 * 1024 + 1)
    expect(source.calls).toEqual(["pause", "resume"])
    parts.push(Buffer.from("more"))
    expect(String((await reading.next()).value)).toBe("more")
    expect(source.calls).toEqual(["pause", "resume"])
  })

  it("takes a chunk that is larger than a part", async () => {
    const parts = new LargeParts(noted())
    const chunks = [Buffer.alloc(1000, "a"), Buffer.alloc(3_000_000, "b"), Buffer.alloc(1000, "c")]
    for (const chunk of chunks) parts.push(chunk)
    parts.end()
    expect((await collect(parts)).join("")).toBe(Buffer.concat(chunks).toString("latin1"))
  })

  it("gives what came before the connection broke, and then says so", async () => {
    const parts = new LargeParts(noted())
    const reading = parts[Symbol.asyncIterator]()
    const first = reading.next()
    parts.push(Buffer.from("one"))
    expect(String((await first).value)).toBe("one")
    parts.push(Buffer.from("two"))
    parts.end(new Error("reset"))
    parts.end()
    expect(String((await reading.next()).value)).toBe("two")
    await expect(reading.next()).rejects.toThrow("reset")
  })

  it("says so where the connection breaks while the reader waits", async () => {
    const parts = new LargeParts(noted())
    const first = parts[Symbol.asyncIterator]().next()
    parts.end(new Error("reset"))
    await expect(first).rejects.toThrow("reset")
  })

  it("does not touch the last part of a body that was given up, whatever comes after it", async () => {
    const givenUp = new LargeParts(noted())
    givenUp.push(Buffer.from("being written"))
    const { value: part } = await givenUp[Symbol.asyncIterator]().next()
    givenUp.end(new Error("aborted"))
    for (let body = 0; body < 4; body += 1) {
      const parts = new LargeParts(noted())
      parts.push(Buffer.alloc(100_000, "x"))
      parts.end()
      await collect(parts)
    }
    expect(String(part)).toBe("being written")
  })

  it("uses the memory of a body that came to its end for the next one", async () => {
    const memoryOf = async (text: string): Promise<ArrayBufferLike | undefined> => {
      const parts = new LargeParts(noted())
      parts.push(Buffer.from(text))
      parts.end()
      let memory: ArrayBufferLike | undefined
      for await (const part of parts) memory = part.buffer
      return memory
    }
    const used = new Set([await memoryOf("one"), await memoryOf("two"), await memoryOf("three")])
    expect(used.size).toBeLessThan(3)
  })

  it("has no parts where there are no bytes", async () => {
    const parts = new LargeParts(noted())
    parts.end()
    expect(await collect(parts)).toEqual([])
  })
})
