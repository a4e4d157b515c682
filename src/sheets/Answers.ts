/** What Google answers, as far as the bot reads it. Members that are zero or empty are left out. */
import { Effect, Schema } from "effect"

const optional = Schema.optionalKey

const ExtendedValue = Schema.Struct({
  stringValue: optional(Schema.String),
  numberValue: optional(Schema.Finite),
  boolValue: optional(Schema.Boolean),
  formulaValue: optional(Schema.String),
  errorValue: optional(Schema.Unknown),
})

export const CellData = Schema.Struct({
  userEnteredValue: optional(ExtendedValue),
  effectiveValue: optional(ExtendedValue),
  formattedValue: optional(Schema.String),
  userEnteredFormat: optional(
    Schema.Struct({
      numberFormat: optional(
        Schema.Struct({ type: optional(Schema.String), pattern: optional(Schema.String) }),
      ),
    }),
  ),
})
export type CellData = typeof CellData.Type

const GridData = Schema.Struct({
  startRow: optional(Schema.Int),
  startColumn: optional(Schema.Int),
  rowData: optional(Schema.Array(Schema.Struct({ values: optional(Schema.Array(CellData)) }))),
})

export const SheetPart = Schema.Struct({
  properties: Schema.Struct({
    sheetId: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(0))),
    title: Schema.String,
    gridProperties: optional(
      Schema.Struct({ rowCount: optional(Schema.Int), columnCount: optional(Schema.Int) }),
    ),
  }),
  data: optional(Schema.Array(GridData)),
})
export type SheetPart = typeof SheetPart.Type

export const BookAnswer = Schema.Struct({ sheets: optional(Schema.Array(SheetPart)) })
export type BookAnswer = typeof BookAnswer.Type

export const BatchAnswer = Schema.Struct({
  replies: optional(
    Schema.Array(
      Schema.Struct({
        findReplace: optional(Schema.Struct({ occurrencesChanged: optional(Schema.Int) })),
      }),
    ),
  ),
  updatedSpreadsheet: optional(BookAnswer),
})
export type BatchAnswer = typeof BatchAnswer.Type

/** A cell of the values API, unformatted: dates are serial numbers, blanks are "". */
export const Plain = Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
export type Plain = typeof Plain.Type

export const ValuesAnswer = Schema.Struct({
  valueRanges: optional(
    Schema.Array(
      Schema.Struct({ values: optional(Schema.Array(Schema.Array(Schema.NullOr(Plain)))) }),
    ),
  ),
})

export const Metadata = Schema.Struct({
  metadataId: Schema.Int,
  metadataValue: optional(Schema.String),
})
export type Metadata = typeof Metadata.Type

export const MetadataFound = Schema.Struct({
  matchedDeveloperMetadata: optional(Schema.Array(Schema.Struct({ developerMetadata: Metadata }))),
})

/** Rows of the first range that was asked of a sheet, as far down as they have something. */
export const rowsOf = (sheet: SheetPart | undefined): ReadonlyArray<ReadonlyArray<CellData>> =>
  sheet?.data?.[0]?.rowData?.map((row) => row.values ?? []) ?? []
