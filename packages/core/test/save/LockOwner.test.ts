import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import { describe, expect, it } from "vitest"
import { livenessOf, makeOwner, parseOwner, tokenPattern } from "../../src/save/lock/LockOwner.ts"

const isLinux = process.platform === "linux"

/** A token in which one of the parts is another. */
const tokenWith = (part: number, text: string): string =>
  makeOwner()
    .token.split("-")
    .map((each, index) => (index === part ? text : each))
    .join("-")

describe("makeOwner", () => {
  it("describes this process, with a new token each time", () => {
    const [first, second] = [makeOwner(), makeOwner()]
    expect(first).toMatchObject({ pid: process.pid, host: hostname() })
    expect(first.token).toMatch(tokenPattern)
    expect(first.token).not.toBe(second.token)
  })

  it.runIf(isLinux)("contains what makes the process id unique", () => {
    expect(makeOwner()).toMatchObject({
      startTime: readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ")[19],
      bootId: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
      pidNamespace: readlinkSync("/proc/self/ns/pid")
    })
  })
})

describe("parseOwner", () => {
  it("parses the text of a lock file", () => {
    const { token, pid, host } = makeOwner()
    expect(parseOwner(JSON.stringify(makeOwner()))).toEqual({
      token: expect.any(String) as string,
      pid,
      host
    })
    expect(parseOwner(JSON.stringify({ token, pid, host }))).toEqual({ token, pid, host })
  })

  it.each([
    "",
    "1234 host\n",
    "null",
    "{",
    '{"token":1,"pid":1,"host":"h"}',
    '{"token":"t","pid":"1","host":"h"}'
  ])("returns undefined for %j", (text) => {
    expect(parseOwner(text)).toBeUndefined()
  })
})

describe("livenessOf", () => {
  it("is alive for this process", () => {
    expect(livenessOf(makeOwner().token)).toBe("alive")
  })

  it("is dead if the process does not exist", () => {
    expect(livenessOf(tokenWith(1, (2 ** 31 - 2).toString(36)))).toBe("dead")
  })

  it.runIf(isLinux)("is dead if another process has the same id", () => {
    expect(livenessOf(tokenWith(2, "1"))).toBe("dead")
  })

  it("is unknown for a process of another machine, boot or PID namespace, whatever its id", () => {
    for (const pid of [process.pid, 2 ** 31 - 2])
      expect(livenessOf(tokenWith(0, "00000000").replace(/-[0-9a-z]+-/, `-${pid.toString(36)}-`))).toBe(
        "unknown"
      )
  })

  it.each(["", "token", "00000000-1", "../../etc", tokenWith(1, "0")])("is unknown for %j", (token) => {
    expect(livenessOf(token)).toBe("unknown")
  })
})
