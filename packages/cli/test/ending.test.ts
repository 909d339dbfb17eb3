import { afterEach, assert, describe, it, vi } from "vitest"
import { exitStatus } from "../src/exit.ts"
import { reportDefect } from "../src/ending.ts"

const said = (defect: unknown): { readonly status: number; readonly text: string } => {
  let text = ""
  const write = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  const status = reportDefect(defect)
  write.mockRestore()
  return { status, text }
}

describe("a fault in gentask itself", () => {
  afterEach(() => vi.unstubAllEnvs())

  it("is told in one sentence", () => {
    assert.deepStrictEqual(said(new TypeError("x is\nundefined")), {
      status: exitStatus.internal,
      text: "gentask: a fault in gentask itself: x is undefined. Set GENTASK_DEBUG=1 to see where, and please report it.\n"
    })
  })

  it("shows its stack to those who ask for it", () => {
    vi.stubEnv("GENTASK_DEBUG", "1")
    assert.match(
      said(new TypeError("x")).text,
      /^gentask: a fault in gentask itself: x\.\nTypeError: x\n {4}at /
    )
  })
})
