/** Finds the rows at fault among rows that were refused together, by halves. */
import { Effect } from "effect"

interface Part<Row> {
  readonly rows: ReadonlyArray<Row>
  /** With all of its rows together it was refused, or must be, since its other half was taken. */
  readonly isRefused: boolean
  /** The other half lies under it. */
  readonly isFirstHalf: boolean
}

export interface Trials<Row, E> {
  /** Whether the rows were taken; they are written then. */
  readonly write: (rows: ReadonlyArray<Row>) => Effect.Effect<boolean, E>
  /** Whether one more write may be made. */
  readonly spend: Effect.Effect<boolean>
}

/**
 * Writes what can be written of `rows`, as far as the writes go, and gives those that were
 * refused all by themselves.
 */
export const sift = Effect.fnUntraced(function* <Row, E>(
  rows: ReadonlyArray<Row>,
  { write, spend }: Trials<Row, E>,
) {
  const alone: Array<Row> = []
  const parts: Array<Part<Row>> = [{ rows, isRefused: true, isFirstHalf: false }]
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [row] = part.rows
    if (part.isRefused && part.rows.length > 1) {
      const middle = Math.ceil(part.rows.length / 2)
      parts.push(
        { rows: part.rows.slice(middle), isRefused: false, isFirstHalf: false },
        { rows: part.rows.slice(0, middle), isRefused: false, isFirstHalf: true },
      )
    } else if (row !== undefined) {
      if (!(yield* spend)) break
      if (!(yield* write(part.rows))) {
        if (part.rows.length === 1) alone.push(row)
        else parts.push({ ...part, isRefused: true, isFirstHalf: false })
      } else if (part.isFirstHalf) {
        const other = parts.pop()
        if (other !== undefined) parts.push({ ...other, isRefused: true })
      }
    }
  }
  return alone
})
