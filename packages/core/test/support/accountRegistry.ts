/** The engine's parts below a client, for tests of the poller. */
import type { Transport } from "@gentask/core/effect"
import { AccountClient } from "../../src/exchange/AccountClient.ts"
import { AccountRegistry } from "../../src/exchange/AccountRegistry.ts"
import type { Scheduler } from "../../src/exchange/Timer.ts"
import { account } from "./acme.ts"

/** Creates a registry with one account of the fictional vendor. */
export const makeRegistry = (transport: Transport["Service"], scheduler: Scheduler): AccountRegistry =>
  new AccountRegistry(
    [account()],
    (resolved) => new AccountClient(resolved, transport, { timeoutMs: 1000, maxBytes: 1000 }, scheduler)
  )
