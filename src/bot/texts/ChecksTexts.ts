/** What admins read about the books: the note after a start. */

export interface ChecksTexts {
  readonly comeback: {
    readonly title: string
    available(count: number): string
    pending(count: number): string
    unsure(count: number): string
    buffer(count: number): string
    /** Sheet writes that the stop had interrupted. */
    finished(count: number): string
    unfinished(count: number): string
    /** None of all that. */
    readonly nothing: string
    lastEvent(at: string): string
    nothingLost(items: number): string
    /** `where`: counts by resource. */
    adrift(count: number, where: string): string
    readonly checking: string
    readonly unchecked: string
  }
}
