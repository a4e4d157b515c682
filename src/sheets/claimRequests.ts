/**
 * The one batch of a claim: whatever stands in the rows at the instant it is applied is cut into
 * the inbox tab. Rows from the top have no number from an earlier read, so no edit can mislead
 * it; those from further down may have moved, and then others come, which are read as what they
 * are. Nor does a width come from a read: the cut has no right end, so it takes a column along
 * that was just added.
 */
import type { SheetRequest } from "./GuardMark.ts"

export interface ClaimPlan {
  readonly token: string
  readonly base: number
  readonly inbox: number
  /** Index of the first row to take; never that of the header. */
  readonly from: number
  readonly rows: number
  /** Rows of the claim before, which is settled; they lie below the ones cut now. */
  readonly trim: number
}

export const claimRequests = (plan: ClaimPlan): ReadonlyArray<SheetRequest> => {
  const { token, base, inbox, rows, trim } = plan
  const from = Math.max(1, plan.from)
  const taken = { startRowIndex: from, endRowIndex: from + rows }
  const top = { startRowIndex: 1, endRowIndex: 1 + rows }
  return [
    // The tab keeps its size, and is never left with its header alone, which Google refuses.
    { appendDimension: { sheetId: base, dimension: "ROWS", length: rows } },
    // Whether a cut takes hidden rows along is unconfirmed, so nothing stays hidden.
    { clearBasicFilter: { sheetId: base } },
    {
      updateDimensionProperties: {
        range: rowsOf(base, from, rows),
        properties: { hiddenByUser: false },
        fields: "hiddenByUser",
      },
    },
    { insertDimension: { range: rowsOf(inbox, 1, rows), inheritFromBefore: false } },
    // The header as it is at this very instant, to read the rows by; another tab's was wider.
    {
      updateCells: {
        range: { sheetId: inbox, startRowIndex: 0, endRowIndex: 1 },
        fields: "userEnteredValue",
      },
    },
    {
      copyPaste: {
        source: { sheetId: base, startRowIndex: 0, endRowIndex: 1 },
        // One cell: a wider source is pasted whole, a narrower one would be repeated.
        destination: cells(inbox, { startRowIndex: 0, endRowIndex: 1 }, 1, 2),
        pasteType: "PASTE_VALUES",
      },
    },
    {
      cutPaste: {
        source: { sheetId: base, ...taken },
        destination: { sheetId: inbox, rowIndex: 1, columnIndex: 1 },
        pasteType: "PASTE_NORMAL",
      },
    },
    {
      repeatCell: {
        range: cells(inbox, top, 0, 1),
        cell: { userEnteredValue: { stringValue: token } },
        fields: "userEnteredValue",
      },
    },
    // A trip-wire: it finds nothing unless the cut left something behind.
    {
      findReplace: {
        find: ".+",
        replacement: "",
        searchByRegex: true,
        includeFormulas: true,
        range: { sheetId: base, ...taken },
      },
    },
    { deleteDimension: { range: rowsOf(base, from, rows) } },
    ...(trim === 0 ? [] : [{ deleteDimension: { range: rowsOf(inbox, 1 + rows, trim) } }]),
  ]
}

const rowsOf = (sheetId: number, startIndex: number, count: number) => ({
  sheetId,
  dimension: "ROWS",
  startIndex,
  endIndex: startIndex + count,
})

const cells = (
  sheetId: number,
  rows: { readonly startRowIndex: number; readonly endRowIndex: number },
  startColumnIndex: number,
  endColumnIndex: number,
) => ({ sheetId, ...rows, startColumnIndex, endColumnIndex })
