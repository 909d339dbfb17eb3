/**
 * Creates a table of models from what the models of a family have in common.
 *
 * ```ts
 * const families = { "acme-1": "image", "acme-1-fast": "image", "acme-2": "video" } as const
 * export const models = defineModels(modelsOfFamilies(families, { image: imageModel, video: videoModel }))
 * ```
 *
 * @param families The family of each model, by the vendor's name of the model.
 * @param inputs The models' description, by the family.
 */
export const modelsOfFamilies = <
  const Families extends Readonly<Record<string, keyof Inputs>>,
  Inputs extends Readonly<Record<string, object>>
>(
  families: Families,
  inputs: Inputs
): { readonly [Model in keyof Families]: Inputs[Families[Model]] } =>
  Object.fromEntries(Object.entries(families).map(([model, family]) => [model, inputs[family]])) as never
