/** How values of some common kinds are spelled in the fields of callback data. */
import { Schema, SchemaTransformation } from "effect"

export const asText = <S extends Schema.Codec<number, number>>(schema: S) =>
  Schema.FiniteFromString.pipe(Schema.decodeTo(schema))

/** `null`, any or all of them, is the empty field: no id and no region is empty. */
export const orAny = <S extends Schema.Codec<string, string>>(schema: S) =>
  Schema.String.pipe(
    Schema.decodeTo(
      Schema.NullOr(schema),
      SchemaTransformation.transform({
        decode: (text) => (text === "" ? null : text),
        encode: (value) => value ?? "",
      }),
    ),
  )

export const PageNumber = asText(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9_999 })))
