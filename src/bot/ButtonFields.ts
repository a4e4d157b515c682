/** How values of some common kinds are spelled in the fields of callback data. */
import { Schema, SchemaTransformation } from "effect"
import { targetsMax } from "../domain/Catalogue.ts"

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

/** Chosen targets as bits, by their order in the catalogue; in base 36 to be short. */
export const Targets = Schema.String.check(Schema.isPattern(/^[0-9a-z]{1,3}$/)).pipe(
  Schema.decodeTo(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** targetsMax - 1 })),
    SchemaTransformation.transform({
      decode: (text) => Number.parseInt(text, 36),
      encode: (bits) => bits.toString(36),
    }),
  ),
)

/** As many as are handed out at once. */
export const Quantity = asText(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })))
