/** What admins read about what somebody without access holds or held: the decisions, and the way back. */

export interface AsideTexts {
  readonly ask: {
    heading(count: number, name: string): string
    readonly meaning: string
    readonly confirm: string
  }
  readonly title: string
  readonly nothing: string
  /** Where the trash is empty, and there is this. */
  readonly only: string
  open(count: number): string
  heldBy(name: string): string
  decided(by: string, at: string): string
  until(until: string): string
  restore(number: number): string
  restored(what: string, name: string): string
  readonly gone: string
  /** To the other admins. */
  readonly notes: {
    /** `what`: whole sentences. */
    settled(name: string, what: string, by: string): string
    /** Behind it, where something went into quarantine. */
    readonly wayBack: string
    restored(what: string, name: string, by: string): string
  }
}
