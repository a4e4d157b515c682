/** What the bot says about proxies, in one language. */
import type { ProxyUnavailable, ReservationOver } from "../../pool/proxies/rules.ts"
import type { LineProblem } from "../ProxyDrafts.ts"

export interface ProxyTexts {
  readonly title: string
  readonly help: string
  free(count: number): string
  readonly get: string
  readonly add: string
  /** How long it still works after today: «9 дней»; 0 is its last day. */
  daysLeft(days: number): string
  /** A day as the last one: «до 02.12.2026 включительно». */
  through(day: string): string
  readonly adding: AddingTexts
  readonly getting: GettingTexts
  readonly goods: GoodsTexts
  readonly mine: {
    title(count: number): string
    more(count: number): string
    /** Alert: it is not (or no longer) among what the person took. */
    readonly gone: string
  }
  /** To whoever took proxies that end soon. */
  readonly ending: {
    title(count: number): string
    more(count: number): string
    readonly advice: string
  }
}

interface AddingTexts {
  readonly title: string
  readonly chooseType: string
  readonly sendLines: string
  /** The form of a line; and of one without a login. */
  readonly form: string
  readonly formWithoutLogin: string
  readonly example: string
  readonly willBeDeleted: string
  /** What came of the last message with lines. */
  received(accepted: number, rejected: number): string
  badLine(number: number, problem: string): string
  moreBad(count: number): string
  readonly problems: Readonly<Record<LineProblem, string>>
  /** Lines in the draft. */
  total(count: number): string
  readonly notDeleted: string
  readonly usedFor: string
  readonly usedForNothing: string
  /** What was answered to that, as a sentence. */
  usedAlready(targets: string): string
  readonly chooseCountry: string
  readonly unknownCountry: string
  readonly chooseDays: string
  days(count: number, until: string): string
  readonly addMore: string
  saved(count: number): string
  willAppear(tab: string): string
  alreadyThere(count: number): string
  readonly nothingSaved: string
  /** Toast: the button was tapped twice. */
  readonly isSaved: string
  /** The draft was ended, and there was nothing in it. */
  readonly endedEmpty: string
  /** … and what was in it is at the bot, by this addition or another one. */
  readonly endedKnown: string
  /** … and that many lines were dropped with it. */
  endedDropping(count: number): string
  readonly linesElsewhere: string
  /** A picture or a file came where the bot waits for lines. */
  readonly notText: string
  readonly diskRefused: string
}

interface GettingTexts {
  readonly title: string
  readonly chooseTargets: string
  readonly show: string
  readonly chooseCountry: string
  moreCountries(count: number): string
  readonly noneFree: string
  readonly choose: string
  readonly noneLeft: string
  readonly refresh: string
  readonly toList: string
  reserved(time: string): string
  /** What taking it means. */
  takeMeans(targets: string): string
  readonly take: string
  readonly cancel: string
  /** Toasts. */
  readonly taken: string
  readonly released: string
  /** Alerts. */
  readonly unavailable: Readonly<Record<ProxyUnavailable["reason"], string>>
  readonly over: Readonly<Record<ReservationOver["reason"], string>>
  /** On the message of a reservation that ended so. */
  readonly endedSo: Readonly<Record<"cancelled" | "timedOut" | "superseded", string>>
}

interface GoodsTexts {
  readonly title: string
  readonly type: string
  readonly host: string
  readonly port: string
  readonly user: string
  readonly password: string
  readonly noLogin: string
  readonly line: string
  readonly url: string
  readonly country: string
  readonly until: string
  takenFor(targets: string): string
  readonly onlyYours: string
  readonly copyLine: string
  readonly copyUrl: string
}
