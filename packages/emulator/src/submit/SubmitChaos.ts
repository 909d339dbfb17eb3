/** The faults of submits in a chaos profile. */
import type { ChaosContext } from "../faults/ChaosFaults.ts"
import { pick } from "../faults/ChaosFaults.ts"
import type { SubmitFault, SubmitFaultName } from "./SubmitFault.ts"

/** The name of a fault that a chaos profile can inject: it chooses by the body, so it reads the body first. */
export type ChaosSubmitFaultName = Exclude<SubmitFaultName, "reset-unread">

/** The default weights of the faults of submits. About half of them make a task. */
export const chaosSubmitWeights: Readonly<Partial<Record<ChaosSubmitFaultName, number>>> = {
  "reset-before-task": 3,
  rejected: 3,
  "proxy-error": 3,
  "reset-after-task": 4,
  "truncated-after-task": 1,
  "error-after-task": 3,
  "error-with-id": 1,
  "without-id": 2,
  html: 1,
  late: 2
}

/** Creates a fault of a submit, by name. */
export const submitFaultFor: {
  readonly [Name in ChaosSubmitFaultName]: (context: Omit<ChaosContext, "vendor">) => SubmitFault
} = {
  none: () => ({ fault: "none" }),
  "reset-before-task": () => ({ fault: "reset-before-task" }),
  rejected: ({ retryAfter }) => ({ fault: "rejected", ...(retryAfter !== undefined && { retryAfter }) }),
  "proxy-error": (context) => ({
    fault: "proxy-error",
    status: pick([502, 503, 504], context),
    body: pick(["html", "empty"] as const, context)
  }),
  "reset-after-task": () => ({ fault: "reset-after-task" }),
  "truncated-after-task": () => ({ fault: "truncated-after-task" }),
  "error-after-task": (context) => ({
    fault: "error-after-task",
    status: pick([500, 502, 504], context),
    body: pick(["json", "html", "empty"] as const, context)
  }),
  "error-with-id": (context) => ({ fault: "error-with-id", status: pick([400, 500], context) }),
  "without-id": () => ({ fault: "without-id" }),
  html: () => ({ fault: "html" }),
  late: ({ maxDelay, random }) => ({ fault: "late", ms: Math.ceil(random() * maxDelay) })
}
