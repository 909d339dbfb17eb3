import { Readable } from "node:stream"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { largeParts } from "../src/transport/LargeParts.ts"

/** What came, copied, since a part is overwritten. */
const collect = async (body: Readable, pause = 0): Promise<ReadonlyArray<string>> => {
  const parts: Array<string> = []
  for await (const part of largeParts(body)) {
    parts.push(Buffer.from(part).toString("latin1"))
    if (pause > 0) await delay(pause)
  }
  return parts
}

const numbered = (count: number, size: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, number) => String(number).padStart(size, "."))

describe("a body in large parts", () => {
  it("is whole and in order", async () => {
    const chunks = numbered(400, 10_000)
    expect((await collect(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))).join("")).toBe(
      chunks.join("")
    )
  })

  it("gathers what comes while the reader is busy", async () => {
    const chunks = numbered(100, 4000)
    const parts = await collect(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), 50)
    expect(parts.join("")).toBe(chunks.join(""))
    expect(parts.length).toBeLessThan(10)
  })

  it("holds no more than a part and the next one, however long the reader takes", async () => {
    let given = 0
    const body = new Readable({
      read() {
        given += 1
        this.push(Buffer.alloc(64 * 1024))
      }
    })
    const parts = largeParts(body)
    await parts.next()
    await delay(100)
    expect(given * 64).toBeLessThan(2048)
    await parts.return(undefined)
    expect(body.destroyed).toBe(true)
  })

  it("takes a chunk that is larger than a part", async () => {
    const chunks = [Buffer.alloc(1000, "a"), Buffer.alloc(3_000_000, "b"), Buffer.alloc(1000, "c")]
    const parts = await collect(Readable.from(chunks))
    expect(parts.join("")).toBe(Buffer.concat(chunks).toString("latin1"))
  })

  it("gives what came before the connection broke, and then says so", async () => {
    const body = new Readable({ read: () => undefined })
    const parts = largeParts(body)
    const first = parts.next()
    body.push(Buffer.from("one"))
    expect(String((await first).value)).toBe("one")
    body.push(Buffer.from("two"))
    await delay(10)
    body.destroy(new Error("reset"))
    expect(String((await parts.next()).value)).toBe("two")
    await expect(parts.next()).rejects.toThrow("reset")
  })

  it("says so where the body ends before its end", async () => {
    const body = new Readable({ read: () => undefined })
    const parts = largeParts(body)
    const first = parts.next()
    body.destroy()
    await expect(first).rejects.toThrow("Premature close")
  })

  it("has no parts where there are no bytes", async () => {
    expect(await collect(Readable.from([]))).toEqual([])
  })
})
