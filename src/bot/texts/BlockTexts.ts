/** What is said of suspended access, to the person and to the admins, in one language. */

export interface BlockTexts {
  /** To the person, at every try. `until`, `note`: "" for none. */
  suspended(until: string, note: string): string
  readonly list: {
    title(count: number): string
    readonly nobody: string
    readonly hint: string
    lift(name: string): string
    readonly back: string
  }
  readonly state: {
    heading(name: string): string
    until(until: string): string
    readonly noEnd: string
    reason(note: string): string
    readonly noReason: string
    by(admin: string, at: string): string
  }
  readonly ask: {
    heading(name: string): string
    readonly meaning: string
    withReason(id: number): string
    hours(count: number): string
    readonly noEnd: string
  }
  /** Buttons of the card. */
  readonly suspend: string
  readonly giveBack: string
  holds(count: number): string
  readonly already: string
  readonly card: string
  readonly done: string
  readonly lifted: string
  liftedHeading(name: string): string
  readonly isAdmin: string
  readonly isApplicant: string
  readonly isUnknown: string
  notSuspended(name: string): string
  several(name: string, people: string): string
  badHours(text: string): string
  tooLong(length: number): string
  readonly notes: {
    /** `until`: "" for no end. */
    suspended(name: string, until: string, by: string): string
    lifted(name: string, by: string): string
    trespass(name: string, times: number): string
    /** Somebody stopped the bot and holds `count` items without a mark. */
    botStopped(name: string, count: number): string
  }
}
