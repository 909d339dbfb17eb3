import { ConfigurationError } from "../account/ConfigurationError.ts"

/** Returns the error for a submit without a ledger and without `ledger: false`. */
export const missingLedger = (): ConfigurationError =>
  new ConfigurationError({
    reason: { _tag: "MissingLedger" },
    message:
      "submit needs a ledger, which records a submit before it is sent: pass the option ledger, such as openLedger() of @gentask/ledger. With ledger: false, a crash may lose a paid task."
  })
