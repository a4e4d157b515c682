/** What admins read about rows that Google refuses, in one language. */

export interface FailedTexts {
  title(count: number): string
  readonly hint: string
  readonly nothing: string
  /** Where a row belongs. */
  place(resource: string, tab: string): string
  readonly isNew: string
  readonly isCorrection: string
  issued(at: string): string
  /** What the sheet says, and what it should say. */
  changed(from: string, to: string): string
  refused(count: number, since: string): string
  reason(text: string): string
  /** Buttons; `number` is that of the row in the list. */
  retry(number: number): string
  drop(number: number): string
  readonly retryAll: string
  readonly back: string
  /** Toast. */
  readonly retrying: string
  /** Alerts: somebody was faster, or the sheet took it. */
  readonly gone: string
  already(by: string): string
  readonly notDropped: string
  readonly ask: {
    readonly title: string
    /** What a new row that is not written means. */
    readonly missing: string
    /** … and a correction. */
    staying(from: string, to: string): string
    readonly meaning: string
    readonly confirm: string
  }
  readonly unwritten: {
    readonly title: string
    readonly one: string
    readonly nothing: string
    /** On the screen of the trash, where that is empty. */
    readonly only: string
    open(count: number): string
    decided(by: string, at: string): string
    until(until: string): string
    readonly restore: string
    restoreOne(number: number): string
    restored(resource: string): string
  }
  /** To the admins who did not decide it; `by` is the one who did. */
  readonly notes: {
    dropped(resource: string, id: string, by: string): string
    restored(resource: string, id: string, by: string): string
  }
}
