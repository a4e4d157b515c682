/** What admins read and press about exported files, and the heads of the columns in them. */

export interface ExportTexts {
  readonly title: string
  readonly chooseResource: string
  readonly choosePeriod: string
  /** How to ask by text. */
  readonly hint: string
  readonly allResources: string
  /** Buttons, by the number of days; "all": since ever. */
  readonly periods: Readonly<Record<"1" | "7" | "30" | "all", string>>
  readonly making: string
  /** The file stands below. */
  readonly sent: string
  /** Of the file: what is in it. */
  rows(count: number): string
  allTime(first: string, last: string): string
  readonly everSince: string
  ofPerson(name: string): string
  readonly everybody: string
  /** Only so many fitted in. */
  cut(count: number): string
  readonly withoutSecrets: string
  /** Instead of a file without rows; `what` names the filter. */
  nothing(what: string): string
  unclear(text: string): string
  tooManyDays(days: number): string
  namesakes(people: string): string
  readonly unavailable: string
  /** `reason` is a sentence of `refusals.telegram`. */
  notSent(reason: string): string
  readonly unsure: string
  readonly columns: {
    readonly issuedAt: string
    readonly resource: string
    readonly variant: string
    readonly region: string
    readonly stage: string
    readonly telegramId: string
    readonly status: string
    readonly markedAt: string
    readonly auto: string
    readonly item: string
    readonly day: string
    readonly id: string
    readonly replacementOf: string
    readonly imported: string
  }
  readonly yes: string
  readonly pending: string
  /** Taken from its holder by an admin. */
  readonly withheld: string
  /** Statistics as a file: the button, and heads of columns. */
  readonly csv: string
  readonly subject: string
  readonly whose: string
  readonly from: string
  readonly to: string
  readonly section: string
  readonly value: string
}
