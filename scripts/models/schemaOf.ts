/** Converts types of TypeScript to code that creates zod schemas. */
import ts from "typescript-6"
import type { TypesSource } from "./ModelSource.ts"

/** A member of an input. */
export interface Member {
  readonly name: string
  /** The code of its schema. */
  readonly schema: string
  /** Whether it accepts nothing but a list. */
  readonly isList: boolean
}

const quote = (value: unknown): string => JSON.stringify(value)

const maxDepth = 5

const mediaKindOf = (text: string): string =>
  /audio|voice|speech|music/i.test(text) ? "audio" : /video/i.test(text) ? "video" : "image"

/** Converts the types of one program. */
export class SchemaWriter {
  readonly #checker: ts.TypeChecker
  readonly #source: Pick<TypesSource, "isMedia">

  constructor(checker: ts.TypeChecker, source: Pick<TypesSource, "isMedia">) {
    this.#checker = checker
    this.#source = source
  }

  /** Returns the members of an input type. */
  members(type: ts.Type): ReadonlyArray<Member> {
    return this.#checker.getPropertiesOfType(type).map((symbol) => this.#member(symbol, "", 0))
  }

  /** Returns the text of a member whose type is one literal. */
  literal(type: ts.Type, member: string): string | undefined {
    const symbol = this.#checker.getPropertyOfType(type, member)
    const literal = symbol && this.#checker.getTypeOfSymbol(symbol)
    return literal?.isStringLiteral() === true ? literal.value : undefined
  }

  /** @param parents The names of the members that contain it, which may say the kind of media. */
  #member(symbol: ts.Symbol, parents: string, depth: number): Member {
    const { name } = symbol
    const documentation = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker))
    const type = this.#checker.getTypeOfSymbol(symbol)
    const isOptional = (symbol.flags & ts.SymbolFlags.Optional) !== 0
    const isMedia = this.#source.isMedia?.(name, documentation) === true
    const schema = this.#schema(type, { name: `${parents} ${name}`, isMedia, depth })
    return {
      name,
      schema: isOptional ? `${schema}.optional()` : schema,
      isList: this.#parts(type).every((part) => this.#checker.isArrayType(part))
    }
  }

  #parts(type: ts.Type): ReadonlyArray<ts.Type> {
    const parts = type.isUnion() ? type.types : [type]
    return parts.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0)
  }

  #schema(type: ts.Type, context: { name: string; isMedia: boolean; depth: number }): string {
    const parts = this.#parts(type)
    const isNullable = parts.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0)
    const nullable = isNullable ? ".nullable()" : ""
    const rest = parts.filter(({ flags }) => (flags & ts.TypeFlags.Null) === 0)
    const acceptsFile = rest.some((part) => /^(?:Blob|File|Uploadable)$/.test(part.symbol?.name ?? ""))
    const texts = rest.filter((part) => (part.flags & ts.TypeFlags.String) !== 0)
    if (acceptsFile || (context.isMedia && texts.length > 0)) {
      const media = `mediaInput(${quote(mediaKindOf(context.name))})`
      const others = rest.filter(
        (part) => this.#checker.isArrayType(part) || (context.isMedia && !texts.includes(part))
      )
      const schemas = [media, ...others.map((part) => this.#single(part, context))]
      return (schemas.length === 1 ? media : `z.union([${schemas.join(", ")}])`) + nullable
    }
    const words = rest.flatMap((part) => (part.isStringLiteral() ? [part.value] : []))
    const numbers = rest.flatMap((part) => (part.isNumberLiteral() ? [part.value] : []))
    const booleans = rest.filter(({ flags }) => (flags & ts.TypeFlags.BooleanLiteral) !== 0)
    const others = rest.filter(
      (part) => !part.isStringLiteral() && !part.isNumberLiteral() && !booleans.includes(part)
    )
    const schemas = [
      ...(words.length > 0 ? [`z.enum(${quote(words)})`] : []),
      ...(numbers.length > 0 ? [`z.literal(${quote(numbers)})`] : []),
      ...(booleans.length === 2
        ? ["z.boolean()"]
        : booleans.map((part) => `z.literal(${this.#checker.typeToString(part)})`)),
      ...others.map((part) => this.#single(part, context))
    ]
    const unique = [...new Set(schemas)]
    return (unique.length === 1 ? (unique[0] ?? "") : `z.union([${unique.join(", ")}])`) + nullable
  }

  #single(type: ts.Type, context: { name: string; isMedia: boolean; depth: number }): string {
    const { flags } = type
    if ((flags & ts.TypeFlags.StringLike) !== 0) return "z.string()"
    if ((flags & ts.TypeFlags.NumberLike) !== 0) return "z.number()"
    if ((flags & ts.TypeFlags.BooleanLike) !== 0) return "z.boolean()"
    const [element] = this.#checker.isArrayType(type)
      ? this.#checker.getTypeArguments(type as ts.TypeReference)
      : []
    if (this.#checker.isTupleType(type)) {
      const elements = this.#checker.getTypeArguments(type as ts.TypeReference)
      return `z.tuple([${elements.map((each) => this.#schema(each, context)).join(", ")}])`
    }
    if (element !== undefined) return `z.array(${this.#schema(element, context)})`
    const index = this.#checker.getIndexInfosOfType(type)[0]
    const symbols = this.#checker.getPropertiesOfType(type)
    if (context.depth >= maxDepth || (flags & ts.TypeFlags.Object) === 0) return "z.unknown()"
    if (symbols.length === 0 || index !== undefined) return "z.looseObject({})"
    const members = symbols.map((symbol) => this.#member(symbol, context.name, context.depth + 1))
    return `z.strictObject({ ${members.map(({ name, schema }) => `${quote(name)}: ${schema}`).join(", ")} })`
  }
}
