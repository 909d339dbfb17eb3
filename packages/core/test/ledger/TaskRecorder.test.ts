import { afterEach, describe, expect, it, vi } from "vitest"
import { memoryLedger } from "@gentask/core"
import type { Ledger, TaskSnapshot } from "@gentask/core"
import { TaskRecorder } from "../../src/ledger/TaskRecorder.ts"
import { makeSnapshot } from "../support/snapshot.ts"

const recording = (record: Ledger["record"]) => {
  const recorder = new TaskRecorder({ ...memoryLedger(), record })
  return { recorder, report: (fields: Partial<TaskSnapshot>) => recorder.record(makeSnapshot(fields)) }
}

describe("TaskRecorder", () => {
  afterEach(() => void vi.restoreAllMocks())

  it("records each change of status once, and each report of an end", async () => {
    const statuses: Array<string> = []
    const { recorder, report } = recording(async ({ status }) => void statuses.push(status))
    for (const status of ["queued", "running", "running", "succeeded", "succeeded"] as const)
      report({ status })
    await recorder.flush()
    expect(statuses).toEqual(["queued", "running", "succeeded", "succeeded"])
  })

  it("records in order, also if the ledger is slow", async () => {
    const statuses: Array<string> = []
    const { recorder, report } = recording(async ({ status }) => {
      await new Promise((resolve) => setImmediate(resolve))
      statuses.push(status)
    })
    report({ status: "queued" })
    report({ status: "succeeded" })
    await recorder.flush()
    expect(statuses).toEqual(["queued", "succeeded"])
  })

  it("warns once if the ledger cannot be written, and records the status at the next poll", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined)
    const record = vi.fn<Ledger["record"]>().mockRejectedValue(new Error("the disk is full"))
    const { recorder, report } = recording(record)
    report({ status: "running" })
    await recorder.flush()
    report({ status: "running" })
    await recorder.flush()
    expect(record).toHaveBeenCalledTimes(2)
    expect(warn.mock.calls).toEqual([
      ["The ledger could not record a task: the disk is full", "GentaskWarning"]
    ])
  })
})
