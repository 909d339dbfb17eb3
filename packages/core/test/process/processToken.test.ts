import { describe, expect, it } from "vitest"
import { livenessOf, makeProcessToken } from "../../src/process/processToken.ts"

const isLinux = process.platform === "linux"

/** A token in which one of the parts is another. */
const tokenWith = (part: number, text: string): string =>
  makeProcessToken()
    .split("-")
    .map((each, index) => (index === part ? text : each))
    .join("-")

describe("livenessOf", () => {
  it("is alive for this process", () => {
    expect(livenessOf(makeProcessToken())).toBe("alive")
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
