/** Addressing a ref, as an effect. */
import * as Effect from "effect/Effect"
import { InvalidTaskRef } from "../task/TaskRef.ts"
import { ConfigurationError } from "./ConfigurationError.ts"
import type { Addressed } from "./ProviderRegistry.ts"
import type { RefInput } from "./WaitOptions.ts"

/** Finds the account of a ref; throws what is wrong with the ref or the account. */
export type Address = (ref: RefInput) => Addressed

/** Turns what addressing throws into an error of the effect. */
export const tryAddress = (
  address: Address,
  ref: RefInput
): Effect.Effect<Addressed, ConfigurationError | InvalidTaskRef> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(address(ref))
    } catch (error) {
      if (error instanceof ConfigurationError || error instanceof InvalidTaskRef) return Effect.fail(error)
      return Effect.die(error)
    }
  })
