/**
 * Everything the bot says, in one language: plain text that the screens escape and lay out.
 *
 * What is shown as an alert holds at most 200 characters, because Telegram shows no more.
 */
import type { Group, Label } from "../../domain/Catalogue.ts"
import type { Quarantined } from "../../domain/Item.ts"
import type { Alarm } from "../../observe/Alarms.ts"
import type { NotAllowed } from "../../pool/Contract.ts"
import type { TelegramFailure } from "../TelegramError.ts"
import type { ExportTexts } from "./ExportTexts.ts"
import type { HealthTexts } from "./HealthTexts.ts"
import type { FailedTexts } from "./FailedTexts.ts"
import type { OutlookTexts } from "./OutlookTexts.ts"
import type { AsideTexts } from "./AsideTexts.ts"
import type { AuditTexts } from "./AuditTexts.ts"
import type { BlockTexts } from "./BlockTexts.ts"
import type { EmployeeTexts } from "./EmployeeTexts.ts"
import type { ChecksTexts } from "./ChecksTexts.ts"
import type { PeopleTexts } from "./PeopleTexts.ts"
import type { ProxyTexts } from "./ProxyTexts.ts"
import type { StatsTexts } from "./StatsTexts.ts"
import type { StockTexts } from "./StockTexts.ts"

export type CommandName =
  | "start"
  | "menu"
  | "my"
  | "help"
  | "language"
  | "cancel"
  | "numbers_today_mod"
  | "stats"
  | "regions"
  | "add_region"
  | "remove_region"
  | "whitelist"
  | "whitelist_remove"
  | "block"
  | "unblock"
  | "audit"
  | "stock"
  | "who"
  | "pause"
  | "resume"
  | "buffer_clear"
  | "buffer_release"
  | "undo"
  | "export"
  | "health"
  | "failed"

export interface Texts {
  readonly language: keyof Label
  /** A label of the catalogue. */
  label(label: Label): string
  readonly menu: {
    readonly title: string
    readonly my: string
    readonly help: string
    /** The button that leads to the menu. */
    readonly open: string
    readonly groups: Readonly<Record<Group, string>>
    readonly chooseInGroup: string
    readonly helpText: ReadonlyArray<string>
    /** Above the commands that only admins have. */
    readonly ofAdmins: string
    /** What a status says about the item, by its id in the catalogue; none where its name does. */
    readonly statusMeanings: Readonly<Record<string, string>>
    readonly commands: Readonly<Record<CommandName, string>>
  }
  readonly languages: {
    readonly title: string
    readonly choose: string
    /** Toast: the new language, in itself. */
    readonly chosen: string
  }
  readonly gate: {
    readonly denied: string
    readonly waiting: string
    readonly stale: string
    readonly hint: string
    readonly failed: string
    readonly adminsOnly: string
    readonly unknownCommand: string
  }
  readonly wizard: {
    readonly back: string
    readonly cancel: string
    readonly cancelled: string
    readonly chooseTargets: string
    readonly next: string
    /** Alert: the next step was asked for with nothing ticked. */
    readonly noTargets: string
    /** Said at the first step of a resource whose items are meant for a day. */
    onlyDay(name: string, day: string): string
    anyDay(name: string): string
    readonly chooseRegion: string
    readonly noRegions: string
    readonly regionGone: string
    readonly chooseQuantity: string
    chooseVariant(question: string): string
    pieces(count: number): string
    readonly looking: string
    readonly again: string
  }
  readonly batch: {
    fewer(given: number, asked: number): string
    limited(given: number, asked: number): string
    confirmsAt(time: string): string
    readonly unclear: string
    automatic(status: string): string
    readonly undo: string
    readonly change: string
    readonly replace: string
    copy(header: string): string
    readonly yes: string
    readonly no: string
    replacementOf(number: number): string
    replacedBy(number: number): string
    readonly chooseStatus: string
    readonly copyHint: string
    readonly tooLong: string
    marked(status: string): string
    readonly undone: string
    readonly declined: string
    readonly replaced: string
    readonly noReplacementNow: string
    readonly withdrawn: string
  }
  readonly my: {
    readonly title: string
    readonly nothing: string
    pending(count: number): string
    marked(count: number): string
    more(count: number): string
  }
  readonly refusals: {
    outOfStock(resource: string, region: string): string
    readonly emptyEverywhere: string
    /** There is something in stock, and the sheet had nothing that fits. */
    readonly noneInSheet: string
    /** Only one day is issued, and items of other days lie in stock. */
    otherDaysHidden(name: string, day: string, count: number): string
    /** … and there are none at all. */
    noneOfToday(name: string, day: string): string
    /** Items of no variant, in a count by variants. */
    readonly otherVariants: string
    readonly stockByVariant: string
    readonly stockByRegion: string
    readonly tryOtherwise: string
    tooManyPending(pending: number, limit: number): string
    readonly unknownIssuance: string
    readonly notHolder: string
    alreadyMarked(status: string): string
    /** `note`: the admins' reason, "" for none. */
    poolPaused(resource: string, note: string): string
    readonly notAllowed: Readonly<Record<NotAllowed["reason"], string>>
    readonly storageUnavailable: string
    readonly telegram: Readonly<Record<TelegramFailure["_tag"], string>>
  }
  readonly registration: RegistrationTexts
  readonly proxies: ProxyTexts
  readonly stats: StatsTexts
  readonly admin: AdminTexts
  readonly stock: StockTexts
  readonly failed: FailedTexts
  readonly checks: ChecksTexts
  readonly people: PeopleTexts
  readonly asides: AsideTexts
  readonly exports: ExportTexts
  readonly health: HealthTexts
  readonly outlook: OutlookTexts
  readonly blocks: BlockTexts
  readonly audit: AuditTexts
  readonly employee: EmployeeTexts
}

/** What an applicant reads. */
interface RegistrationTexts {
  readonly ask: string
  readonly invalid: string
  readonly taken: string
  submitted(stage: string): string
  readonly approved: string
  refused(retryAt: string): string
  tooEarly(retryAt: string): string
  readonly expired: string
}

/** What admins read: applications, alarms and quarantine. */
export interface AdminTexts {
  readonly card: string
  readonly cardStage: string
  readonly cardId: string
  readonly cardSince: string
  readonly approve: string
  readonly refuse: string
  readonly reminder: string
  decided(decision: "approve" | "refuse", by: string, at: string): string
  readonly reopen: string
  readonly notRefused: string
  readonly nicknameTaken: string
  /** To the other admins. */
  reopened(name: string, by: string): string
  readonly alreadyDecided: string
  readonly cardGone: string
  readonly cardExpired: string
  applicantNotTold(reason: string): string
  quarantine(tab: string, count: number): string
  readonly quarantineReason: Readonly<Record<Quarantined["reason"], string>>
  readonly quarantineAdvice: string
  alarm(alarm: Alarm): string
  cleared(alarm: Alarm): string
  /** Several stocks run low: heading, a line for each, and what to do. */
  readonly lowStocks: string
  lowStock(name: string, remaining: number): string
  readonly lowStockAdvice: string
  readonly todayOnly: TodayOnlyTexts
}

/** The switch between items of today and of any day. */
interface TodayOnlyTexts {
  readonly title: string
  readonly isOn: string
  readonly isOff: string
  /** What the mode means. */
  whenOn(name: string, day: string): string
  whenOff(name: string): string
  stock(available: number): string
  hidden(count: number): string
  returning(count: number): string
  readonly switchOn: string
  readonly switchOff: string
  /** What the switch did; `tabs` are where items go back to. */
  switchedOn(name: string, returning: number, tabs: string): string
  readonly switchedOff: string
  /** To the other admins. */
  switchedOnBy(name: string, by: string): string
  switchedOffBy(name: string, by: string): string
  /** No resource of the catalogue is meant for days. */
  readonly none: string
}
