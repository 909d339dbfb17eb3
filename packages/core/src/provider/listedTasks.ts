import type { ListedTask, RecoverOutcome } from "./RecoverOperation.ts"

/**
 * Reads the vendor's list of tasks. It is complete only if every item can be read: the others may be the task.
 *
 * ```ts
 * decode: ({ items, total }) =>
 *   listedTasks(items, (item) => ({ id: firstStringAt(item, "id") }), total === items.length)
 * ```
 *
 * @param items The items of the response.
 * @param toTask Reads an item. An item without an id cannot be read.
 * @param hasAllItems Whether the list has all tasks of the time of the submit.
 */
export const listedTasks = (
  items: ReadonlyArray<unknown>,
  toTask: (item: unknown) => Omit<ListedTask, "id"> & { readonly id: string | undefined },
  hasAllItems: boolean
): RecoverOutcome => {
  const tasks = items.map(toTask).filter((task): task is ListedTask => task.id !== undefined)
  return { _tag: "Tasks", tasks, isComplete: hasAllItems && tasks.length === items.length }
}
