/**
 * What a cell shows: its value after a formula, and the text on the screen.
 *
 * There is no formula engine: a formula that is only a number or a text has that value, any
 * other one is an error. The bot never writes formulas and does not hand out what one shows.
 */
import { DateTime } from "effect"
import type { Cell, ExtendedValue } from "./Grid.ts"

export const effectiveValue = (cell: Cell): ExtendedValue | undefined => {
  const value = cell.userEnteredValue
  if (value?.formulaValue === undefined) return value
  const body = value.formulaValue.slice(1).trim()
  if (/^-?\d+(\.\d+)?$/.test(body)) return { numberValue: Number(body) }
  const text = /^"((?:[^"]|"")*)"$/.exec(body)?.[1]
  if (text !== undefined) return { stringValue: text.replaceAll('""', '"') }
  return { errorValue: { type: "ERROR", message: "Formula parse error." } }
}

/** As the values API gives it: a blank and an error have no number. */
export const rawValue = (cell: Cell): string | number | boolean => {
  const value = effectiveValue(cell)
  if (value?.errorValue !== undefined) return errorText
  return value?.numberValue ?? value?.stringValue ?? value?.boolValue ?? ""
}

export const displayed = (cell: Cell, locale: string): string => {
  const value = rawValue(cell)
  if (typeof value === "string") return value
  const russian = locale.startsWith("ru")
  if (typeof value === "boolean") return russian ? (value ? "ИСТИНА" : "ЛОЖЬ") : upper(value)
  const format = cell.userEnteredFormat?.numberFormat
  if (format !== undefined && dateTypes.has(format.type)) {
    return formatSerial(value, format.pattern ?? defaultPatterns[format.type] ?? "dd.mm.yyyy")
  }
  const decimals = /0\.(0+)/.exec(format?.pattern ?? "")?.[1]?.length
  const percent = format?.type === "PERCENT"
  const number = percent ? value * 100 : value
  const text = decimals === undefined ? general(number) : number.toFixed(decimals)
  return (russian ? text.replace(".", ",") : text) + (percent ? "%" : "")
}

/** The texts of a row on the screen, up to its last cell that shows any. */
export const textsOf = (cells: ReadonlyArray<Cell>, locale: string): ReadonlyArray<string> => {
  const texts = cells.map((cell) => displayed(cell, locale))
  return texts.slice(0, texts.findLastIndex((text) => text !== "") + 1)
}

export const isDate = (cell: Cell): boolean =>
  cell.userEnteredValue?.numberValue !== undefined &&
  dateTypes.has(cell.userEnteredFormat?.numberFormat?.type ?? "")

/** The serial number of a day written dd.mm.yyyy; none when there is no such day. */
export const serialOf = (text: string): number | undefined => {
  const match = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)
  if (match === null) return undefined
  const [day, month, year] = match.slice(1).map(Number)
  if (day === undefined || month === undefined || year === undefined) return undefined
  const at = Date.UTC(year, month - 1, day)
  const parts = DateTime.toPartsUtc(DateTime.makeUnsafe(at))
  return parts.month === month && parts.day === day ? at / dayMs + epochSerial : undefined
}

const errorText = "#ERROR!"
const dayMs = 86_400_000
/** 1 January 1970, counted in days from 30 December 1899. */
const epochSerial = 25_569
const dateTypes = new Set(["DATE", "TIME", "DATE_TIME"])
const defaultPatterns: Record<string, string> = {
  DATE: "dd.mm.yyyy",
  TIME: "hh:mm:ss",
  DATE_TIME: "dd.mm.yyyy hh:mm:ss",
}

const upper = (value: boolean): string => String(value).toUpperCase()

const general = (number: number): string =>
  Math.abs(number) < 1e15 ? String(number) : number.toExponential().toUpperCase()

const formatSerial = (serial: number, pattern: string): string => {
  const parts = DateTime.toPartsUtc(DateTime.makeUnsafe(Math.round((serial - epochSerial) * dayMs)))
  let afterHours = false
  return pattern.replace(/d+|m+|y+|h+|s+|"[^"]*"/gi, (token) => {
    const letter = token.charAt(0).toLowerCase()
    const minutes = letter === "m" && afterHours
    if (letter === "h") afterHours = true
    if (letter === '"') return token.slice(1, -1)
    if (letter === "y") return String(parts.year).slice(token.length > 2 ? 0 : -2)
    const number =
      letter === "d"
        ? parts.day
        : letter === "h"
          ? parts.hour
          : letter === "s"
            ? parts.second
            : minutes
              ? parts.minute
              : parts.month
    return String(number).padStart(Math.min(token.length, 2), "0")
  })
}
