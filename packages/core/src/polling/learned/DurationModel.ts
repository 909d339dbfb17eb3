import type { Durations } from "./Durations.ts"
import type { DurationStore } from "./DurationStore.ts"
import { estimateHazard, optimalDelay } from "./Hazard.ts"
import type { Hazard, Observation } from "./Hazard.ts"

/** The task whose next poll is due. Fields are as in `PollContext`. */
export interface ModelInput {
  readonly ageMs: number
  readonly durationKey?: string | undefined
  readonly estimatedTotalMs?: number | undefined
}

/** The hazard rates of the tasks of one key. Undefined where too few durations are known. */
interface KeyModel {
  readonly byAge: Hazard | undefined
  /** By age divided by the estimated total. Also undefined if the age alone has predicted durations better. */
  readonly byShare: Hazard | undefined
}

const estimateModel = ({ ages, shares }: Durations, minSamples: number): KeyModel => {
  const estimate = (observations: ReadonlyArray<Observation>): Hazard | undefined =>
    observations.filter(({ ended }) => ended).length < minSamples ? undefined : estimateHazard(observations)
  const byAge = estimate(ages)
  const byShare = estimate(shares)
  const isWorse = byShare !== undefined && byAge !== undefined && byShare.spread >= byAge.spread
  return { byAge, byShare: isWorse ? undefined : byShare }
}

/** Calculates delays between polls from the durations of similar tasks. */
export class DurationModel {
  readonly #store: DurationStore
  readonly #minSamples: number
  /** Estimating is expensive, and durations change only when a task ends. */
  readonly #models = new WeakMap<Durations, KeyModel>()

  /** @param minSamples How many tasks of a key must have ended before the model uses them. */
  constructor(store: DurationStore, minSamples: number) {
    this.#store = store
    this.#minSamples = minSamples
  }

  /**
   * Returns the optimal delay until the next poll, in milliseconds, or undefined if too few durations are known.
   *
   * @param costMs The lag that one poll is worth, in milliseconds.
   * @param intervals How many optimal intervals the delay lasts: 1, or a number close to it for jitter.
   */
  delayMs(
    { ageMs, durationKey, estimatedTotalMs }: ModelInput,
    costMs: number,
    intervals: number
  ): number | undefined {
    const model = durationKey === undefined ? undefined : this.#model(durationKey)
    if (model?.byShare !== undefined && estimatedTotalMs !== undefined) {
      const [share, cost] = [ageMs / estimatedTotalMs, costMs / estimatedTotalMs]
      return estimatedTotalMs * optimalDelay(model.byShare, share, cost, intervals)
    }
    return model?.byAge === undefined ? undefined : optimalDelay(model.byAge, ageMs, costMs, intervals)
  }

  #model(key: string): KeyModel | undefined {
    const durations = this.#store.get(key)
    if (durations === undefined) return undefined
    const model = this.#models.get(durations) ?? estimateModel(durations, this.#minSamples)
    this.#models.set(durations, model)
    return model
  }
}
