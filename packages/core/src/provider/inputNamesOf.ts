import type { InputNames } from "./renameInputs.ts"

/**
 * Returns the vendor's names of the common inputs of a model, for `renameInputs`.
 *
 * ```ts
 * const table = { "acme-1": defineModel("image", { prompt: "text" }, acme1) }
 * inputNamesOf(table, "acme-1", { prompt: "prompt" }) // { prompt: "text" }
 * inputNamesOf(table, "acme-2", { prompt: "prompt" }) // { prompt: "prompt" }
 * ```
 *
 * @param table The models that the provider knows, by the vendor's name.
 * @param model The vendor's name of a model.
 * @param others The names of models that are not in the table.
 */
export const inputNamesOf = (
  table: Readonly<Record<string, { readonly names: InputNames }>>,
  model: string,
  others: InputNames
): InputNames => (Object.hasOwn(table, model) ? table[model]?.names : undefined) ?? others
