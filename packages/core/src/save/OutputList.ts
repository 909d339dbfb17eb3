/** The outputs of a task that have the same role, in the order in which the provider lists them. */
import type { Output, OutputRole } from "../task/Output.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { identifyOutputs, matchOutputs } from "./OutputIdentity.ts"
import type { OutputIdentity } from "./OutputIdentity.ts"

/** Outputs with the same role. */
export interface OutputList {
  readonly role: OutputRole
  readonly outputs: ReadonlyArray<Output>
  /** The identity of each output. */
  readonly identities: ReadonlyArray<OutputIdentity>
}

/** An output with the list that it was found in. */
export interface ListedOutput {
  readonly list: OutputList
  readonly index: number
  readonly output: Output
  readonly identity: OutputIdentity
}

/** Lists the outputs with a role. */
export const listOutputs = (snapshot: TaskSnapshot, role: OutputRole): OutputList => {
  const outputs = snapshot.outputs.filter((output) => output.role === role)
  return { role, outputs, identities: identifyOutputs(outputs) }
}

/** An output of a list; undefined if the index is invalid. */
export const outputAt = (list: OutputList, index: number): ListedOutput | undefined => {
  const output = list.outputs[index]
  const identity = list.identities[index]
  return output === undefined || identity === undefined ? undefined : { list, index, output, identity }
}

/** Whether the identity is that of the output, in this list or in another one. */
export const isSameOutput = ({ list, index }: ListedOutput, identity: OutputIdentity): boolean =>
  matchOutputs([identity], list.identities)[index] === 0

/** Finds an output in a newer list, such as that of a later query. */
export const findInList = ({ list, index }: ListedOutput, newer: OutputList): ListedOutput | undefined =>
  outputAt(newer, matchOutputs(list.identities, newer.identities).indexOf(index))
