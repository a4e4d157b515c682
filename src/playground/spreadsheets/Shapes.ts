/**
 * The members of the Sheets messages that a field mask may name.
 *
 * A misspelt mask is refused by Google; the emulator must refuse it as well, or the bot would
 * learn of it in production.
 */
import type { Shape } from "./FieldMask.ts"

const value: Shape = {
  numberValue: true,
  stringValue: true,
  boolValue: true,
  formulaValue: true,
  errorValue: { type: true, message: true },
}
const color: Shape = { red: true, green: true, blue: true, alpha: true }
const colorStyle: Shape = { rgbColor: color, themeColor: true }
const format: Shape = {
  numberFormat: { type: true, pattern: true },
  backgroundColor: color,
  backgroundColorStyle: colorStyle,
  borders: true,
  padding: true,
  horizontalAlignment: true,
  verticalAlignment: true,
  wrapStrategy: true,
  textDirection: true,
  textFormat: true,
  hyperlinkDisplayType: true,
  textRotation: true,
}
export const cellShape: Shape = {
  userEnteredValue: value,
  effectiveValue: value,
  formattedValue: true,
  userEnteredFormat: format,
  effectiveFormat: format,
  hyperlink: true,
  note: true,
  textFormatRuns: true,
  dataValidation: true,
  pivotTable: true,
  dataSourceTable: true,
  dataSourceFormula: true,
  chipRuns: true,
}
const gridRange: Shape = {
  sheetId: true,
  startRowIndex: true,
  endRowIndex: true,
  startColumnIndex: true,
  endColumnIndex: true,
}
export const metadataShape: Shape = {
  metadataId: true,
  metadataKey: true,
  metadataValue: true,
  location: { locationType: true, spreadsheet: true, sheetId: true, dimensionRange: true },
  visibility: true,
}
export const dimensionShape: Shape = {
  hiddenByFilter: true,
  hiddenByUser: true,
  pixelSize: true,
  developerMetadata: metadataShape,
  dataSourceColumnReference: true,
}
export const sheetPropertiesShape: Shape = {
  sheetId: true,
  title: true,
  index: true,
  sheetType: true,
  gridProperties: {
    rowCount: true,
    columnCount: true,
    frozenRowCount: true,
    frozenColumnCount: true,
    hideGridlines: true,
    rowGroupControlAfter: true,
    columnGroupControlAfter: true,
  },
  hidden: true,
  tabColor: color,
  tabColorStyle: colorStyle,
  rightToLeft: true,
  dataSourceSheetProperties: true,
}
const sheet: Shape = {
  properties: sheetPropertiesShape,
  data: {
    startRow: true,
    startColumn: true,
    rowData: { values: cellShape },
    rowMetadata: dimensionShape,
    columnMetadata: dimensionShape,
  },
  merges: gridRange,
  conditionalFormats: true,
  filterViews: true,
  protectedRanges: {
    protectedRangeId: true,
    range: gridRange,
    namedRangeId: true,
    tableId: true,
    description: true,
    warningOnly: true,
    requestingUserCanEdit: true,
    unprotectedRanges: gridRange,
    editors: true,
  },
  basicFilter: {
    range: gridRange,
    tableId: true,
    sortSpecs: true,
    criteria: true,
    filterSpecs: true,
  },
  charts: true,
  bandedRanges: true,
  developerMetadata: metadataShape,
  rowGroups: true,
  columnGroups: true,
  slicers: true,
  tables: {
    tableId: true,
    name: true,
    range: gridRange,
    rowsProperties: true,
    columnProperties: true,
  },
}
export const spreadsheetShape: Shape = {
  spreadsheetId: true,
  properties: {
    title: true,
    locale: true,
    autoRecalc: true,
    timeZone: true,
    defaultFormat: format,
    iterativeCalculationSettings: true,
    spreadsheetTheme: true,
    importFunctionsExternalUrlAccessAllowed: true,
  },
  sheets: sheet,
  namedRanges: true,
  spreadsheetUrl: true,
  developerMetadata: metadataShape,
  dataSources: true,
  dataSourceSchedules: true,
}
export const batchUpdateShape: Shape = {
  spreadsheetId: true,
  replies: true,
  updatedSpreadsheet: spreadsheetShape,
}
const valueRange: Shape = { range: true, majorDimension: true, values: true }
export const valuesShape: Shape = valueRange
export const valuesBatchShape: Shape = { spreadsheetId: true, valueRanges: valueRange }
