/** What people read around a request, in one language: repeating it, waiting for it, its history. */

export interface EmployeeTexts {
  readonly repeat: {
    /** The first button of the menu; `what` is the whole order. */
    button(what: string): string
    /** Under a batch that is done with. */
    readonly again: string
    /** Above the menu that cannot begin with it. */
    readonly impossible: string
  }
  readonly waiting: WaitingTexts
  readonly reminder: {
    soon(minutes: number, time: string, what: string): string
    atOnce(time: string, what: string): string
    readonly show: string
  }
  readonly history: {
    readonly title: string
    readonly open: string
    readonly empty: string
    readonly unavailable: string
    readonly pending: string
    /** An admin took the item away. */
    readonly withheld: string
    /** On the last page that is shown, where there is more. */
    earlier(count: number): string
  }
}

interface WaitingTexts {
  /** The button under what says that there is nothing. */
  readonly ask: string
  readonly stop: string
  started(what: string, until: string): string
  /** Alert. */
  tooMany(limit: number): string
  stopped(what: string): string
  /** A heading in the list of one's own. */
  title(count: number): string
  line(what: string, until: string): string
  stopOne(what: string): string
  arrived(what: string): string
  /** How much of it there is, and that nobody keeps it. */
  fits(count: number, asked: number): string
  take(count: number): string
  /** … where there is less than was asked for: perhaps more by the time of the tap. */
  readonly takeFewer: string
  ended(what: string): string
  readonly again: string
}
