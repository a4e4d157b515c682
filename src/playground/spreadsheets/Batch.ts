/**
 * One `spreadsheets.batchUpdate`: the requests in order, each on what the former left, and
 * none of them when one is refused.
 */
import { Result } from "effect"
import { appendCells, repeatCell, updateCells } from "./CellRequests.ts"
import { decoding } from "./Decoding.ts"
import {
  appendDimension,
  deleteDimension,
  insertDimension,
  moveDimension,
  updateDimensionProperties,
} from "./DimensionRequests.ts"
import { type GoogleError, invalidArgument } from "./GoogleError.ts"
import type { Book, Stepped } from "./Grid.ts"
import {
  createDeveloperMetadata,
  deleteDeveloperMetadata,
  updateDeveloperMetadata,
} from "./MetadataRequests.ts"
import { copyPaste, cutPaste } from "./PasteRequests.ts"
import { addProtectedRange } from "./Protection.ts"
import { type Bodies, BatchUpdate, type Kind, type Request } from "./Requests.ts"
import { clearBasicFilter, findReplace, setBasicFilter, sortRange } from "./SearchRequests.ts"
import { addSheet, deleteSheet, updateSheetProperties } from "./SheetRequests.ts"
import type { Switches } from "./Switches.ts"

export const decodeBatch = decoding(BatchUpdate)

export interface Applied {
  readonly book: Book
  readonly replies: ReadonlyArray<object>
}

export const applyBatch = (
  book: Book,
  requests: ReadonlyArray<Request>,
  switches: Switches,
): Result.Result<Applied, GoogleError> => {
  if (requests.length === 0) {
    return Result.fail(invalidArgument("Must specify at least one request."))
  }
  let current = book
  const replies: Array<object> = []
  for (const [index, request] of requests.entries()) {
    const [kind, ...others] = kindsOf(request)
    if (kind === undefined || others.length > 0) {
      const fault = kind === undefined ? "No request set." : "Only one request may be set."
      return Result.fail(invalidArgument(`Invalid requests[${index}]: ${fault}`))
    }
    const step = apply(kind, current, request, switches)
    if (Result.isFailure(step)) {
      return Result.fail(invalidArgument(`Invalid requests[${index}].${kind}: ${step.failure}`))
    }
    current = step.success.book
    replies.push(step.success.reply)
  }
  return Result.succeed({ book: current, replies })
}

const handlers: {
  readonly [K in Kind]: (book: Book, body: Bodies[K], switches: Switches) => Stepped
} = {
  createDeveloperMetadata,
  updateDeveloperMetadata,
  deleteDeveloperMetadata,
  appendDimension,
  insertDimension,
  deleteDimension,
  moveDimension,
  updateDimensionProperties,
  clearBasicFilter,
  setBasicFilter,
  copyPaste,
  cutPaste,
  repeatCell,
  updateCells,
  appendCells,
  findReplace,
  sortRange,
  addSheet,
  deleteSheet,
  updateSheetProperties,
  addProtectedRange,
}

const apply = <K extends Kind>(
  kind: K,
  book: Book,
  request: { readonly [P in K]?: Bodies[P] },
  switches: Switches,
): Stepped => {
  const body = request[kind]
  return body === undefined ? Result.fail("No request set.") : handlers[kind](book, body, switches)
}

const isKind = (name: string): name is Kind => name in handlers

const kindsOf = (request: Request): ReadonlyArray<Kind> => Object.keys(request).filter(isKind)
