import * as Data from "effect/Data"

/** Another process has taken the account. This one must stop at once. */
export class AccountLost extends Data.TaggedError("AccountLost")<{ readonly account: string }> {}
