import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { ChunkBuffer } from "../../src/http/ChunkBuffer.ts"

/** A source that notes when it was held back and let go. */
const noted = () => {
  const calls: Array<"pause" | "resume"> = []
  return { calls, pause: () => void calls.push("pause"), resume: () => void calls.push("resume") }
}

const toText = (chunks: ReadonlyArray<Uint8Array> = []): string => Buffer.concat(chunks).toString("latin1")

/** What came, part by part, copied, since a part's memory is given back. */
const collect = async (body: ChunkBuffer, pause = 0): Promise<ReadonlyArray<string>> => {
  const collected: Array<string> = []
  for await (const part of body) {
    collected.push(toText(part))
    if (pause > 0) await delay(pause)
  }
  return collected
}

const numbered = (count: number, size: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, number) => String(number).padStart(size, "."))

/** Pushes chunks one after the other, as a socket does, and stops while it is held back. */
const pushAll = async (
  body: ChunkBuffer,
  source: ReturnType<typeof noted>,
  chunks: ReadonlyArray<string>
): Promise<void> => {
  for (const chunk of chunks) {
    while (source.calls.at(-1) === "pause") await delay(1)
    body.push(Buffer.from(chunk))
    await Promise.resolve()
  }
  body.end()
}

describe("a body that is gathered", () => {
  it("is whole and in order", async () => {
    const source = noted()
    const body = new ChunkBuffer(source)
    const chunks = numbered(400, 10_000)
    const [collected] = await Promise.all([collect(body), pushAll(body, source, chunks)])
    expect(collected.join("")).toBe(chunks.join(""))
  })

  it("makes one part of what comes while the reader is busy", async () => {
    const source = noted()
    const body = new ChunkBuffer(source)
    const chunks = numbered(100, 4000)
    const [collected] = await Promise.all([collect(body, 50), pushAll(body, source, chunks)])
    expect(collected.join("")).toBe(chunks.join(""))
    expect(collected.length).toBeLessThan(10)
  })

  it("holds its source back at a mebibyte, and lets it go when that is taken", async () => {
    const source = noted()
    const body = new ChunkBuffer(source)
    const reading = body[Symbol.asyncIterator]()
    for (let count = 0; count < 15; count += 1) body.push(Buffer.alloc(64 * 1024))
    expect(source.calls).toEqual([])
    body.push(Buffer.alloc(64 * 1024))
    expect(source.calls).toEqual(["pause"])
    // What was under way may still come.
    body.push(Buffer.alloc(64 * 1024))
    expect(source.calls).toEqual(["pause"])
    const { value } = await reading.next()
    expect(toText(value ?? []).length).toBe(17 * 64 * 1024)
    expect(source.calls).toEqual(["pause", "resume"])
    body.push(Buffer.from("more"))
    expect(toText((await reading.next()).value ?? [])).toBe("more")
    expect(source.calls).toEqual(["pause", "resume"])
  })

  it("holds its source back at 1024 chunks, however small", async () => {
    const source = noted()
    const body = new ChunkBuffer(source)
    for (let count = 0; count < 1023; count += 1) body.push(Buffer.from("x"))
    expect(source.calls).toEqual([])
    body.push(Buffer.from("x"))
    expect(source.calls).toEqual(["pause"])
  })

  it("gives away what trickles in, though more may come", async () => {
    const body = new ChunkBuffer(noted())
    const reading = body[Symbol.asyncIterator]()
    for (const text of ["one", "two"]) {
      body.push(Buffer.from(text))
      expect(toText((await reading.next()).value ?? [])).toBe(text)
    }
  })

  it("takes what its source pushes while it is let go", async () => {
    const rest = [Buffer.from("two"), undefined]
    const body: ChunkBuffer = new ChunkBuffer({
      pause: () => undefined,
      resume: () => rest.forEach((chunk) => (chunk === undefined ? body.end() : body.push(chunk)))
    })
    body.push(Buffer.alloc(1024 * 1024, "1"))
    expect((await collect(body)).map((part) => part.slice(-3))).toEqual(["111", "two"])
  })

  it("gives what came before the connection broke, and then says so", async () => {
    const body = new ChunkBuffer(noted())
    const reading = body[Symbol.asyncIterator]()
    const first = reading.next()
    body.push(Buffer.from("one"))
    expect(toText((await first).value ?? [])).toBe("one")
    body.push(Buffer.from("two"))
    body.end(new Error("reset"))
    body.end()
    expect(toText((await reading.next()).value ?? [])).toBe("two")
    await expect(reading.next()).rejects.toThrow("reset")
  })

  it("says so where the connection breaks while the reader waits", async () => {
    const body = new ChunkBuffer(noted())
    const first = body[Symbol.asyncIterator]().next()
    body.end(new Error("reset"))
    await expect(first).rejects.toThrow("reset")
  })

  it("has no parts where there are no bytes", async () => {
    const body = new ChunkBuffer(noted())
    body.push(Buffer.alloc(0))
    body.end()
    expect(await collect(body)).toEqual([])
  })

  describe("gives back the memory", () => {
    const chunkOfItsOwn = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text))

    it("of a part when the next one is asked for, and not before", async () => {
      const body = new ChunkBuffer(noted())
      const [one, two] = [chunkOfItsOwn("one"), chunkOfItsOwn("two")]
      body.push(one)
      const reading = body[Symbol.asyncIterator]()
      await reading.next()
      expect(one.byteLength).toBe(3)
      body.push(two)
      await reading.next()
      expect([one.byteLength, two.byteLength]).toEqual([0, 3])
    })

    it("but not of a part whose reader gave up, and may still be writing it", async () => {
      const body = new ChunkBuffer(noted())
      const chunk = chunkOfItsOwn("being written")
      body.push(chunk)
      const reading = body[Symbol.asyncIterator]()
      await reading.next()
      body.end(new Error("aborted"))
      await reading.return()
      expect(toText([chunk])).toBe("being written")
    })

    it("but not of a chunk that its reader gave away", async () => {
      const body = new ChunkBuffer(noted())
      const chunk = chunkOfItsOwn("one")
      body.push(chunk)
      body.end()
      const reading = body[Symbol.asyncIterator]()
      await reading.next()
      structuredClone(chunk, { transfer: [chunk.buffer] })
      expect(await reading.next()).toEqual({ done: true, value: undefined })
    })

    it("but not of a chunk that shares it with others", async () => {
      const body = new ChunkBuffer(noted())
      const shared = chunkOfItsOwn("one and two")
      body.push(shared.subarray(0, 3))
      body.push(shared.subarray(3))
      body.end()
      expect(await collect(body)).toEqual(["one and two"])
      expect(toText([shared])).toBe("one and two")
    })
  })
})
