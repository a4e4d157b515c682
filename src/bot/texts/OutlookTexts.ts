/** What is left, for how long it lasts, and the morning digest, in one language. */

export interface OutlookTexts {
  /** Rows of all its base tabs; `more`: when they were counted, and of which variant how many. */
  rows(count: number, more: string): string
  /** … dated today. */
  rowsToday(count: number, more: string): string
  countedAt(time: string): string
  countedOn(moment: string): string
  readonly rowsUnknown: string
  /** Heads the sentence on the pool; a variant comes after its name and a colon. */
  readonly lasts: LastsTexts
  readonly variantLasts: LastsTexts
  /** Goes behind `lasts`; `pace`: items a day. */
  atPace(lasts: string, pace: number): string
  pace(pace: number): string
  /** The journal could not be read. */
  readonly paceUnknown: string
  readonly digest: DigestTexts
}

interface LastsTexts {
  readonly lessThanDay: string
  days(count: number): string
  readonly forEver: string
  /** Only today's items are issued, and they are enough for a day. */
  readonly today: string
}

interface DigestTexts {
  title(day: string): string
  /** Heads of its parts. */
  readonly taken: string
  readonly left: string
  readonly deliveries: string
  readonly nothingTaken: string
  /** Of `statuses` how many of each there are. */
  taking(name: string, count: number, statuses: string): string
  readonly pending: string
  /** Statuses that the catalogue does not have any more. */
  readonly other: string
  byTimer(count: number): string
  most(names: string): string
  remaining(name: string, count: number): string
  /** Only today's items are issued. */
  remainingToday(name: string, count: number): string
  /** `lasts`: as `variantLasts` says it. */
  lasting(name: string, count: number, lasts: string): string
  /** The rows of the sheet were not counted. */
  stockOnly(name: string, available: number): string
  paused(line: string): string
  /** `place`: the resource and the day in its tab. */
  delivery(place: string, bad: number, marked: number): string
  readonly noDay: string
  readonly suspects: string
  more(count: number): string
}
