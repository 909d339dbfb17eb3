import { afterEach, assert, describe, it, vi } from "vitest"
import { exitStatus } from "../src/process/exitStatus.ts"
import { reportDefect } from "../src/process/reportDefect.ts"

const report = (defect: unknown): { readonly status: number; readonly text: string } => {
  let text = ""
  const write = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  const status = reportDefect(defect)
  write.mockRestore()
  return { status, text }
}

describe("an internal error", () => {
  afterEach(() => vi.unstubAllEnvs())

  it("is printed on one line", () => {
    assert.deepStrictEqual(report(new TypeError("x is\nundefined.")), {
      status: exitStatus.internalError,
      text: "gentask: internal error: x is undefined. Set GENTASK_DEBUG=1 to see the stack trace, and please report it.\n"
    })
  })

  it("is printed with its stack in debug mode", () => {
    vi.stubEnv("GENTASK_DEBUG", "1")
    assert.match(report(new TypeError("x")).text, /^gentask: internal error: x\.\nTypeError: x\n {4}at /)
  })
})
