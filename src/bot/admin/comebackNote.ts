/** The note to admins after a start: what came back, and that nothing is lost, by the count. */
import { type DateTime, Option } from "effect"
import { formatMoment } from "../../domain/Day.ts"
import type { Left } from "../../pool/Comeback.ts"
import { type Checked, sumOf } from "../../pool/Conservation.ts"
import type { Recovered } from "../../pool/Pools.ts"
import { bold, html } from "../Html.ts"
import type { Screen } from "../Keyboard.ts"
import { cut, lines } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

export interface ComebackView {
  readonly recovered: ReadonlyArray<Recovered>
  readonly left: Left
  /** The writes that were open at the start are settled. */
  readonly isSettled: boolean
  /** `undefined`: the check goes on; none: it could not be made. */
  readonly checked: Option.Option<Checked> | undefined
}

export const comebackNote = (
  { recovered, left, isSettled, checked }: ComebackView,
  zone: DateTime.TimeZone,
  { checks: { comeback: words } }: Texts,
): Screen => {
  const sum = (what: "available" | "pending" | "unsure" | "buffer") =>
    recovered.reduce((total, each) => total + each[what], 0)
  const found = [
    told(sum("available"), words.available),
    told(sum("pending"), words.pending),
    told(sum("unsure"), words.unsure),
    told(sum("buffer"), words.buffer),
    told(left.openWrites, isSettled ? words.finished : words.unfinished),
  ].flat()
  return {
    html: lines(
      bold(words.title),
      ...(found.length === 0 ? [words.nothing] : found).map((line) => html`• ${line}`),
      html`${words.lastEvent(formatMoment(left.lastEventAt, zone))}`,
      html`${booksLine(checked, words)}`,
    ),
    keyboard: [],
  }
}

const told = (count: number, say: (count: number) => string) => (count > 0 ? [say(count)] : [])

const booksLine = (
  checked: ComebackView["checked"],
  words: Texts["checks"]["comeback"],
): string => {
  if (checked === undefined) return words.checking
  if (Option.isNone(checked)) return words.unchecked
  const { items, adrift } = sumOf(checked.value)
  if (adrift === 0) return words.nothingLost(items)
  const where = checked.value.balances.flatMap(({ resource, differences }) =>
    differences.length > 0 ? [`${resource}: ${differences.length}`] : [],
  )
  return words.adrift(adrift, cut(where.join(", "), whereMax))
}

const whereMax = 500
