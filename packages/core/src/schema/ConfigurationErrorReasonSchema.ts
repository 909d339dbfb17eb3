import * as Schema from "effect/Schema"
import { commonInputNames } from "../provider/CommonInput.ts"
import { definedKey } from "./definedKey.ts"
import { unknownTag } from "./unknownTag.ts"

const provider = Schema.String
const account = Schema.String
const ref = Schema.String
const path = Schema.String
const known = Schema.Array(Schema.String)

/** The reason of a `ConfigurationError`. It is plain JSON itself. */
export const ConfigurationErrorReasonSchema = Schema.TaggedUnion({
  UnknownProvider: { provider, known },
  UnknownAccount: { provider, account, known },
  DuplicateAccount: { account },
  InvalidAccountName: { provider, account },
  UnsupportedProvider: { provider, problems: Schema.Array(Schema.Struct({ path, message: Schema.String })) },
  MissingApiKey: { account, variable: Schema.String },
  InvalidApiKey: { account },
  MissingEndpoint: { account, known },
  UnknownEndpoint: { account, endpoint: Schema.String, known },
  InvalidBaseUrl: { account },
  InvalidSettings: { account, path },
  InvalidParams: { ref, path },
  InvalidTaskId: { ref },
  InvalidInput: {
    account,
    model: Schema.String,
    problems: Schema.Array(
      Schema.Struct({
        path,
        commonInput: definedKey(Schema.Literals(commonInputNames)),
        message: Schema.String,
        code: definedKey(Schema.Literals(["unsupported", "missing", "invalid"])),
        supported: definedKey(known)
      })
    )
  },
  UnsupportedOperation: { account, operation: Schema.String },
  IdempotencyKeyReused: { account, idempotencyKey: Schema.String },
  MissingLedger: {},
  ForbiddenHost: { account, host: Schema.String },
  InvalidOption: { option: Schema.String }
}).annotate({ ...unknownTag, identifier: "ConfigurationErrorReason" })
