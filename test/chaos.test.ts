import { expect, it } from "vitest"
import { chaos } from "./chaos.ts"

it(
  "judges every task right and saves every file whole while a third of all exchanges is disturbed",
  { timeout: 180_000 },
  async () => {
    const { tasks, right, wrong, saved, unsaved, exchanges, disturbed, fullestWindow, undercuts } =
      await chaos(240, 7, 0.35)
    expect({ right, wrong, saved, unsaved, undercuts }).toEqual({
      right: tasks,
      wrong: [],
      saved: 192,
      unsaved: [],
      undercuts: 0
    })
    expect(disturbed / exchanges).toBeGreaterThanOrEqual(0.3)
    expect(fullestWindow).toBeLessThanOrEqual(1)
  }
)
