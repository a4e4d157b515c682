/** What admins read and press about the stock, in one language. */

export interface StockTexts {
  /** A moment of the current day and of the next one, after «до»: «14:32 завтра». */
  today(time: string): string
  tomorrow(time: string): string
  readonly refresh: string
  /** Toast: the screen was drawn anew and is the same. */
  readonly unchanged: string
  unknownResource(names: string): string
  readonly overview: OverviewTexts
  readonly who: WhoTexts
  readonly pause: PauseTexts
  readonly clear: WayTexts
  readonly release: WayTexts
  readonly buffer: BufferTexts
  readonly undo: UndoTexts
  /** To the admins who did not decide it; `by` is the one who did. */
  readonly notes: {
    paused(resource: string, by: string): string
    resumed(resource: string, by: string): string
    /** `what` is the sentence of `buffer.cleared`. */
    cleared(resource: string, by: string, what: string): string
    released(resource: string, by: string, count: number): string
    restored(resource: string, by: string, count: number): string
  }
}

interface OverviewTexts {
  readonly title: string
  ready(count: number): string
  /** Items of no variant, in a count by variants. */
  readonly noVariant: string
  hidden(count: number): string
  pending(count: number): string
  unwritten(count: number): string
  /** Rows that admins decided not to write. */
  abandoned(count: number): string
  quarantine(count: number): string
  returning(count: number): string
  trash(count: number, until: string): string
  paused(by: string, since: string): string
  free(count: number): string
  reserved(count: number): string
  ending(count: number): string
}

interface WhoTexts {
  readonly title: string
  total(count: number): string
  readonly nothing: string
  readonly byPerson: string
  readonly byItem: string
  /** A person in the list of people, and when the oldest was issued. */
  person(name: string, count: number, since: string): string
  /** The person of a list of his own. */
  heldBy(name: string, count: number): string
  confirms(time: string): string
  /** The timer waits until the message arrives. */
  readonly undelivered: string
  readonly noTimer: string
}

interface PauseTexts {
  readonly title: string
  readonly choose: string
  /** How to give the text. */
  readonly hint: string
  readonly works: string
  paused(by: string, since: string): string
  readonly meaning: string
  note(text: string): string
  readonly noNote: string
  done(resource: string): string
  resumed(resource: string): string
  /** Toasts: somebody was faster. */
  readonly already: string
  readonly alreadyResumed: string
  tooLong(length: number): string
  /** Buttons. */
  readonly pause: string
  readonly resume: string
  readonly all: string
}

/** Clearing or releasing. */
interface WayTexts {
  readonly title: string
  readonly choose: string
  /** What will happen to that many. */
  preview(count: number): string
  readonly after: string
  readonly nothing: string
  readonly confirm: string
  readonly done: string
  changed(resource: string): string
}

interface BufferTexts {
  ofDay(day: string): string
  readonly noDay: string
  readonly otherDays: string
  untouched(pending: number, unwritten: number): string
  count(count: number): string
  cleared(count: number, until: string): string
  released(count: number, tabs: string): string
  /** … and all of it has arrived. */
  arrived(tabs: string): string
  readonly pausedSo: string
  readonly cancel: string
}

interface UndoTexts {
  readonly title: string
  readonly nothing: string
  line(count: number, by: string, at: string): string
  until(until: string): string
  readonly restore: string
  restored(resource: string, count: number): string
  readonly gone: string
}
