import { describe, expect, it, vi } from "vitest"
import { ChunkBuffer } from "../../src/http/ChunkBuffer.ts"

/** A source that records its calls and lets the test wait until it may push. */
const makeSource = () => {
  const calls: Array<"pause" | "resume"> = []
  let resumed = Promise.withResolvers<void>()
  resumed.resolve()
  return {
    calls,
    pause: () => {
      calls.push("pause")
      resumed = Promise.withResolvers<void>()
    },
    resume: () => {
      calls.push("resume")
      resumed.resolve()
    },
    untilResumed: () => resumed.promise
  }
}

const toText = (chunks: ReadonlyArray<Uint8Array> = []): string => Buffer.concat(chunks).toString("latin1")

const readAll = async (body: ChunkBuffer): Promise<ReadonlyArray<string>> => {
  const batches: Array<string> = []
  for await (const batch of body) batches.push(toText(batch))
  return batches
}

const numberedChunks = (count: number, size: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, number) => String(number).padStart(size, "."))

const kibibyte = 1024

describe("ChunkBuffer", () => {
  it("delivers all chunks in order", async () => {
    const source = makeSource()
    const body = new ChunkBuffer(source)
    const chunks = numberedChunks(400, 10_000)
    const pushAll = async (): Promise<void> => {
      for (const chunk of chunks) {
        await source.untilResumed()
        body.push(Buffer.from(chunk))
      }
      body.end()
    }
    const [batches] = await Promise.all([readAll(body), pushAll()])
    expect(batches.join("")).toBe(chunks.join(""))
  })

  it("delivers the chunks that arrive while the reader is busy as one batch", async () => {
    const body = new ChunkBuffer(makeSource())
    const reader = body[Symbol.asyncIterator]()
    body.push(Buffer.from("first"))
    expect(toText((await reader.next()).value ?? [])).toBe("first")
    const chunks = numberedChunks(100, 4000)
    for (const chunk of chunks) body.push(Buffer.from(chunk))
    const { value } = await reader.next()
    expect(value).toHaveLength(100)
    expect(toText(value ?? [])).toBe(chunks.join(""))
  })

  it("delivers a batch of half a mebibyte without waiting for its timer", async () => {
    vi.useFakeTimers()
    try {
      const body = new ChunkBuffer(makeSource())
      const next = body[Symbol.asyncIterator]().next()
      for (let count = 0; count < 8; count += 1) body.push(Buffer.alloc(64 * kibibyte))
      expect((await next).value).toHaveLength(8)
    } finally {
      vi.useRealTimers()
    }
  })

  it("pauses its source at one mebibyte, and resumes it when the batch is taken", async () => {
    const source = makeSource()
    const body = new ChunkBuffer(source)
    const reader = body[Symbol.asyncIterator]()
    for (let count = 0; count < 15; count += 1) body.push(Buffer.alloc(64 * kibibyte))
    expect(source.calls).toEqual([])
    body.push(Buffer.alloc(64 * kibibyte))
    expect(source.calls).toEqual(["pause"])
    // A paused source may still push what it has read already.
    body.push(Buffer.alloc(64 * kibibyte))
    expect(source.calls).toEqual(["pause"])
    const { value } = await reader.next()
    expect(toText(value ?? []).length).toBe(17 * 64 * kibibyte)
    expect(source.calls).toEqual(["pause", "resume"])
    body.push(Buffer.from("more"))
    expect(toText((await reader.next()).value ?? [])).toBe("more")
    expect(source.calls).toEqual(["pause", "resume"])
  })

  it("pauses its source at 1024 chunks, however small they are", () => {
    const source = makeSource()
    const body = new ChunkBuffer(source)
    for (let count = 0; count < 1023; count += 1) body.push(Buffer.from("x"))
    expect(source.calls).toEqual([])
    body.push(Buffer.from("x"))
    expect(source.calls).toEqual(["pause"])
    body.end()
  })

  it("delivers single small chunks without waiting for more", async () => {
    const body = new ChunkBuffer(makeSource())
    const reader = body[Symbol.asyncIterator]()
    for (const text of ["one", "two"]) {
      body.push(Buffer.from(text))
      expect(toText((await reader.next()).value ?? [])).toBe(text)
    }
  })

  it("accepts chunks that its source pushes while it is resumed", async () => {
    const body: ChunkBuffer = new ChunkBuffer({
      pause: () => undefined,
      resume: () => {
        body.push(Buffer.from("two"))
        body.end()
      }
    })
    body.push(Buffer.alloc(1024 * kibibyte, "1"))
    expect((await readAll(body)).map((batch) => batch.slice(-3))).toEqual(["111", "two"])
  })

  it("delivers the chunks before an error, and then fails with it", async () => {
    const body = new ChunkBuffer(makeSource())
    const reader = body[Symbol.asyncIterator]()
    const first = reader.next()
    body.push(Buffer.from("one"))
    expect(toText((await first).value ?? [])).toBe("one")
    body.push(Buffer.from("two"))
    body.end(new Error("reset"))
    body.end()
    expect(toText((await reader.next()).value ?? [])).toBe("two")
    await expect(reader.next()).rejects.toThrow("reset")
  })

  it("fails at once if the error occurs while the reader waits", async () => {
    const body = new ChunkBuffer(makeSource())
    const first = body[Symbol.asyncIterator]().next()
    body.end(new Error("reset"))
    await expect(first).rejects.toThrow("reset")
  })

  it("delivers no batch of an empty body", async () => {
    const body = new ChunkBuffer(makeSource())
    body.push(Buffer.alloc(0))
    body.end()
    expect(await readAll(body)).toEqual([])
  })

  it("does not change delivered chunks, so that a reader may keep them", async () => {
    const body = new ChunkBuffer(makeSource())
    const reader = body[Symbol.asyncIterator]()
    body.push(Buffer.from("one"))
    const { value } = await reader.next()
    body.push(Buffer.from("two"))
    await reader.next()
    expect(toText(value ?? [])).toBe("one")
  })
})

it("frees the memory of a batch when the next one is requested, and not earlier", async () => {
  const body = new ChunkBuffer({ pause: () => undefined, resume: () => undefined })
  const [first, second] = [new Uint8Array(600_000), new Uint8Array(600_000)]
  const batches = body[Symbol.asyncIterator]()
  body.push(first)
  await batches.next()
  expect(first.length).toBe(600_000)
  body.push(second)
  await batches.next()
  expect([first.length, second.length]).toEqual([0, 600_000])
})

it("leaves chunks alone that share their memory with others", async () => {
  const body = new ChunkBuffer({ pause: () => undefined, resume: () => undefined })
  const shared = new Uint8Array(1_200_000)
  const batches = body[Symbol.asyncIterator]()
  body.push(shared.subarray(0, 600_000))
  await batches.next()
  body.end()
  await batches.next()
  expect(shared.length).toBe(1_200_000)
})
