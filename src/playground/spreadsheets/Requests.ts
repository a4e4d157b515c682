/**
 * The bodies of the calls, as Google reads them: every member may be absent, and then has its
 * zero; a member that Google does not know is refused.
 */
import { Schema, Struct } from "effect"
import { Cell, ColorStyle, Color, ExtendedValue, GridRange } from "./Grid.ts"
import { DataFilter, DimensionRange, Location } from "./Metadata.ts"

const int = Schema.optionalKey(Schema.Int)
const text = Schema.optionalKey(Schema.String)
const flag = Schema.optionalKey(Schema.Boolean)
const anything = Schema.optionalKey(Schema.Unknown)
const dimension = Schema.optionalKey(Schema.Literals(["ROWS", "COLUMNS"]))
const range = Schema.optionalKey(GridRange)

const CellData = Schema.Struct({
  ...Cell.fields,
  effectiveValue: Schema.optionalKey(ExtendedValue),
  formattedValue: text,
  effectiveFormat: anything,
  hyperlink: text,
  textFormatRuns: anything,
  pivotTable: anything,
})
export type CellData = typeof CellData.Type

const RowData = Schema.Struct({ values: Schema.optionalKey(Schema.Array(CellData)) })
export type RowData = typeof RowData.Type
const rows = Schema.optionalKey(Schema.Array(RowData))

const DeveloperMetadata = Schema.Struct({
  metadataId: int,
  metadataKey: text,
  metadataValue: text,
  location: Schema.optionalKey(Location),
  visibility: Schema.optionalKey(Schema.Literals(["DOCUMENT", "PROJECT"])),
})

const SheetProperties = Schema.Struct({
  sheetId: int,
  title: text,
  index: int,
  sheetType: text,
  gridProperties: Schema.optionalKey(
    Schema.Struct({
      rowCount: int,
      columnCount: int,
      frozenRowCount: int,
      frozenColumnCount: int,
      hideGridlines: flag,
      rowGroupControlAfter: flag,
      columnGroupControlAfter: flag,
    }),
  ),
  hidden: flag,
  tabColor: Schema.optionalKey(Color),
  tabColorStyle: Schema.optionalKey(ColorStyle),
  rightToLeft: flag,
})

const dimensionRange = Schema.optionalKey(DimensionRange)
const pasteType = Schema.optionalKey(
  Schema.Literals(["PASTE_NORMAL", "PASTE_VALUES", "PASTE_FORMAT"]),
)
const GridCoordinate = Schema.Struct({ sheetId: int, rowIndex: int, columnIndex: int })
const FilterCriteria = Schema.Struct({
  hiddenValues: Schema.optionalKey(Schema.Array(Schema.String)),
  condition: anything,
})

const filterParts = {
  range,
  sortSpecs: anything,
  criteria: Schema.optionalKey(Schema.Record(Schema.String, FilterCriteria)),
  filterSpecs: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({ columnIndex: int, filterCriteria: Schema.optionalKey(FilterCriteria) }),
    ),
  ),
}

const kinds = {
  createDeveloperMetadata: Schema.Struct({
    developerMetadata: Schema.optionalKey(DeveloperMetadata),
  }),
  updateDeveloperMetadata: Schema.Struct({
    dataFilters: Schema.optionalKey(Schema.Array(DataFilter)),
    developerMetadata: Schema.optionalKey(DeveloperMetadata),
    fields: text,
  }),
  deleteDeveloperMetadata: Schema.Struct({ dataFilter: Schema.optionalKey(DataFilter) }),
  appendDimension: Schema.Struct({ sheetId: int, dimension, length: int }),
  insertDimension: Schema.Struct({ range: dimensionRange, inheritFromBefore: flag }),
  deleteDimension: Schema.Struct({ range: dimensionRange }),
  moveDimension: Schema.Struct({ source: dimensionRange, destinationIndex: int }),
  updateDimensionProperties: Schema.Struct({
    range: dimensionRange,
    properties: Schema.optionalKey(Schema.Struct({ hiddenByUser: flag, pixelSize: int })),
    fields: text,
  }),
  clearBasicFilter: Schema.Struct({ sheetId: int }),
  setBasicFilter: Schema.Struct({
    filter: Schema.optionalKey(Schema.Struct(filterParts)),
  }),
  copyPaste: Schema.Struct({
    source: range,
    destination: range,
    pasteType,
    pasteOrientation: Schema.optionalKey(Schema.Literals(["NORMAL"])),
  }),
  cutPaste: Schema.Struct({
    source: range,
    destination: Schema.optionalKey(GridCoordinate),
    pasteType,
  }),
  repeatCell: Schema.Struct({ range, cell: Schema.optionalKey(CellData), fields: text }),
  updateCells: Schema.Struct({
    rows,
    fields: text,
    start: Schema.optionalKey(GridCoordinate),
    range,
  }),
  appendCells: Schema.Struct({ sheetId: int, rows, fields: text }),
  findReplace: Schema.Struct({
    find: text,
    replacement: text,
    matchCase: flag,
    matchEntireCell: flag,
    searchByRegex: flag,
    includeFormulas: flag,
    range,
    sheetId: int,
    allSheets: flag,
  }),
  sortRange: Schema.Struct({
    range,
    sortSpecs: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({
          dimensionIndex: int,
          sortOrder: Schema.optionalKey(Schema.Literals(["ASCENDING", "DESCENDING"])),
        }),
      ),
    ),
  }),
  addSheet: Schema.Struct({ properties: Schema.optionalKey(SheetProperties) }),
  deleteSheet: Schema.Struct({ sheetId: int }),
  updateSheetProperties: Schema.Struct({
    properties: Schema.optionalKey(SheetProperties),
    fields: text,
  }),
  mergeCells: Schema.Struct({
    range,
    mergeType: Schema.optionalKey(Schema.Literals(["MERGE_ALL"])),
  }),
  addTable: Schema.Struct({
    table: Schema.optionalKey(
      Schema.Struct({
        tableId: text,
        name: text,
        range,
        rowsProperties: anything,
        columnProperties: anything,
      }),
    ),
  }),
  addFilterView: Schema.Struct({
    filter: Schema.optionalKey(Schema.Struct({ ...filterParts, filterViewId: int, title: text })),
  }),
  addDimensionGroup: Schema.Struct({ range: dimensionRange }),
  updateDimensionGroup: Schema.Struct({
    dimensionGroup: Schema.optionalKey(
      Schema.Struct({ range: dimensionRange, depth: int, collapsed: flag }),
    ),
    fields: text,
  }),
  addProtectedRange: Schema.Struct({
    protectedRange: Schema.optionalKey(
      Schema.Struct({
        protectedRangeId: int,
        range,
        description: text,
        warningOnly: flag,
        editors: anything,
      }),
    ),
  }),
}

type Kinds = typeof kinds
/** The body of each kind of request. */
export type Bodies = { readonly [K in keyof Kinds]: Kinds[K]["Type"] }
export type Kind = keyof Bodies

/** Exactly one of the members is set; `batchUpdate` checks that, not the decoding. */
export const Request = Schema.Struct(kinds).mapFields(Struct.map(Schema.optionalKey))
export type Request = typeof Request.Type

export const BatchUpdate = Schema.Struct({
  requests: Schema.optionalKey(Schema.Array(Request)),
  includeSpreadsheetInResponse: flag,
  responseRanges: Schema.optionalKey(Schema.Array(Schema.String)),
  responseIncludeGridData: flag,
})
export type BatchUpdate = typeof BatchUpdate.Type

export const MetadataSearch = Schema.Struct({
  dataFilters: Schema.optionalKey(Schema.Array(DataFilter)),
})
