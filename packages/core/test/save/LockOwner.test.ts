import { readFileSync, readlinkSync } from "node:fs"
import { hostname } from "node:os"
import { describe, expect, it } from "vitest"
import { tokenPattern } from "../../src/process/processToken.ts"
import { makeOwner, parseOwner } from "../../src/save/lock/LockOwner.ts"

const isLinux = process.platform === "linux"

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
