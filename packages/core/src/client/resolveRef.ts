/** Addressing a ref, as an effect. */
import * as Effect from "effect/Effect"
import { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import type { RefInput } from "./OperationOptions.ts"

/** Finds the account of a ref; throws what is wrong with the ref or the account. */
export type ResolveRef = (ref: RefInput) => ResolvedRef

/** Addresses a ref and goes on with what was found; what addressing throws becomes an error of the effect. */
export const withResolvedRef = <A, E, R>(
  address: ResolveRef,
  ref: RefInput,
  use: (addressed: ResolvedRef) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | ConfigurationError | InvalidTaskRef, R> =>
  Effect.suspend((): Effect.Effect<A, E | ConfigurationError | InvalidTaskRef, R> => {
    let addressed
    try {
      addressed = address(ref)
    } catch (error) {
      if (error instanceof ConfigurationError || error instanceof InvalidTaskRef) return Effect.fail(error)
      return Effect.die(error)
    }
    return use(addressed)
  })
