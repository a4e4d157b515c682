/**
 * An issuance as a row of the issued tab. Pure.
 *
 * What people or sheets once typed goes back as literal text: never as a formula, never as a
 * number that loses its zeros.
 */
import type { DateTime } from "effect"
import {
  type Colour,
  findStatus,
  findVariant,
  type Holds,
  type Resource,
} from "../domain/Catalogue.ts"
import { formatMoment, parseDay, serialOf, serialOfDay } from "../domain/Day.ts"
import type { Issuance, Mark } from "../domain/Issuance.ts"
import { fold, type IssuedColumns } from "./Headers.ts"

export interface CellWrite {
  readonly userEnteredValue?: { readonly stringValue: string } | { readonly numberValue: number }
  readonly userEnteredFormat?: {
    readonly backgroundColorStyle?: { readonly rgbColor: Colour }
    readonly numberFormat?: { readonly type: string; readonly pattern?: string }
  }
}

export const issuedFields = "userEnteredValue,userEnteredFormat(backgroundColorStyle,numberFormat)"

export const issuedRow = (
  resource: Resource,
  columns: IssuedColumns,
  issuance: Issuance,
  zone: DateTime.TimeZone,
): ReadonlyArray<CellWrite> => {
  const colour = issuance.mark === null ? undefined : statusColour(resource, issuance.mark)
  const cells = new Map<number, CellWrite>()
  for (const [holds, index] of columns.byHolds) {
    cells.set(index, cellOf(resource, holds, issuance, zone))
  }
  for (const { header, index } of columns.extras) {
    const extra = issuance.item.extras.find((one) => fold(one.header) === fold(header))
    cells.set(index, text(extra?.text ?? ""))
  }
  return Array.from({ length: Math.max(...cells.keys()) + 1 }, (_, index) =>
    coloured(cells.get(index) ?? {}, colour),
  )
}

export const statusText = (resource: Resource, mark: Mark): string =>
  findStatus(resource, mark.status)?.label.ru ?? mark.status

export const statusColour = (resource: Resource, mark: Mark): Colour | undefined =>
  findStatus(resource, mark.status)?.colour

/** What tells the item apart, as the issued tab shows it. */
export const valueText = ({ identity }: Resource, { item }: Issuance): string =>
  item.fields[identity] ?? ""

/** `22.11.2026 14:32`, and who said so when nobody did. */
export const markedText = (mark: Mark, zone: DateTime.TimeZone): string =>
  `${formatMoment(mark.at, zone)}${mark.auto ? " авто" : ""}`

const cellOf = (
  resource: Resource,
  holds: Holds,
  { item, mark, ...issuance }: Issuance,
  zone: DateTime.TimeZone,
): CellWrite => {
  switch (holds) {
    case "issuedAt":
      return {
        userEnteredValue: { numberValue: serialOf(issuance.issuedAt, zone) },
        userEnteredFormat: { numberFormat: { type: "DATE_TIME", pattern: "dd.mm.yyyy hh:mm" } },
      }
    case "variant": {
      const { variant } = item
      return text(variant === null ? "" : (findVariant(resource, variant)?.label.ru ?? variant))
    }
    case "region":
      return text(issuance.region)
    case "stage":
      return text(issuance.stage)
    case "telegramId":
      return text(String(issuance.holder))
    case "status":
      return text(mark === null ? "" : statusText(resource, mark))
    case "markedAt":
      return text(mark === null ? "" : markedText(mark, zone))
    case "issuanceId":
      return text(issuance.id)
    case "targets":
      return text(
        issuance.targets
          .map((id) => resource.targets.find((target) => target.id === id)?.label.ru ?? id)
          .join(", "),
      )
    default: {
      const column = resource.columns.find(({ key }) => holds === `field:${key}`)
      const value = item.fields[column?.key ?? ""] ?? ""
      const day = column?.kind === "date" ? parseDay(value) : undefined
      if (day !== undefined) {
        return {
          userEnteredValue: { numberValue: serialOfDay(day) },
          userEnteredFormat: { numberFormat: { type: "DATE", pattern: "dd.mm.yyyy" } },
        }
      }
      // Keeps the zeros when somebody types into the cell later.
      return column?.kind === "phone"
        ? { ...text(value), userEnteredFormat: { numberFormat: { type: "TEXT" } } }
        : text(value)
    }
  }
}

const text = (stringValue: string): CellWrite =>
  stringValue === "" ? {} : { userEnteredValue: { stringValue } }

const coloured = (cell: CellWrite, colour: Colour | undefined): CellWrite =>
  colour === undefined
    ? cell
    : {
        ...cell,
        userEnteredFormat: {
          ...cell.userEnteredFormat,
          backgroundColorStyle: { rgbColor: colour },
        },
      }
