import { describe, expect, it } from "vitest"
import { memoryLedger } from "@gentask/core"
import type { Ledger } from "@gentask/core"
import { ConformanceError, ledgerConformance } from "@gentask/testing"

/** Ledgers with one defect, by the name of a check that finds it. */
const defects: Readonly<Record<string, (ledger: Ledger) => Partial<Ledger>>> = {
  "exactly one of many concurrent calls of begin with one key is new": (ledger) => ({
    begin: async (intent) => {
      const recorded = (await ledger.intents()).some((each) => each.idempotencyKey === intent.idempotencyKey)
      const result = await ledger.begin(intent)
      return recorded ? result : { ...result, isNew: true }
    }
  }),
  "an accepted intent keeps its outcome": (ledger) => {
    const outcomes = new Map<string, object>()
    return {
      settle: async (id, outcome) => {
        outcomes.set(id, { state: outcome.state })
        await ledger.settle(id, outcome)
      },
      intent: async (id) => {
        const intent = await ledger.intent(id)
        return intent && { ...intent, ...outcomes.get(id) }
      }
    }
  },
  "a task that has ended does not become active again": () => {
    const statuses = new Map<string, string>()
    return {
      record: async ({ ref, status }) => void statuses.set(ref, status),
      countActive: async () => [...statuses.values()].filter((status) => status === "running").length
    }
  },
  "settle rejects if the intent is unknown to the ledger": (ledger) => ({
    settle: (id, outcome) => ledger.settle(id, outcome).catch(() => undefined)
  }),
  "intents returns the newest first, and filters by state and account": (ledger) => ({
    intents: async (filter) => (await ledger.intents(filter)).toReversed()
  }),
  "every method rejects after close, which may be called again": () => ({ close: async () => undefined })
}

describe("ledgerConformance", () => {
  it.each(Object.entries(defects))(
    "fails the check %s for a ledger with that defect",
    async (name, defect) => {
      const open = async (): Promise<Ledger> => {
        const ledger = memoryLedger()
        return { ...ledger, ...defect(ledger) }
      }
      const check = ledgerConformance(open).find((each) => each.name === name)
      await expect(check?.run()).rejects.toThrow(ConformanceError)
    }
  )
})
