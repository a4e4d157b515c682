/** What admins read when something is compared: the note after a start, and rows changed by hand. */
import type { Choice, Found } from "../../domain/HandEdit.ts"

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
  } /** A row of an issued tab was changed by hand. */
  readonly edits: {
    readonly title: Readonly<Record<Found["_tag"], string>>
    /** `row`: `null` where it is gone. */
    place(tab: string, row: number | null): string
    issued(stage: string, at: string): string
    /** `by`: "" where the timer said it. */
    bot(status: string, by: string, at: string): string
    sheet(said: string): string
    readonly blank: string
    /** A status that the catalogue does not have. */
    readonly unknown: string
    otherItem(column: string): string
    readonly gone: string
    readonly buttons: Readonly<Record<Exclude<Choice, "bot">, string>>
    /** As the bot has it: one of two sides, or what it does about that finding. */
    readonly bots: Readonly<Record<Found["_tag"] | "right", string>>
    readonly done: Readonly<Record<Choice | "again", string>>
    decided(what: string, by: string, at: string): string
    readonly over: string
    /** Alerts. */
    readonly alreadyDecided: string
    readonly isOver: string
    readonly tooLate: string
    many(count: number): string
    readonly counted: Readonly<Record<Found["_tag"], (count: number) => string>>
    readonly manyAdvice: string
  }
}
