/** The steps of adding proxies. What was chosen and sent is kept in the draft, not in the buttons. */
import type { Resource } from "../../domain/Catalogue.ts"
import { countryName, flagOf, sortedCountries } from "../../domain/countries.ts"
import { formatDay } from "../../domain/Day.ts"
import { type CountryCode, sessionKey, type ProxyType } from "../../domain/Proxy.ts"
import type { Standing } from "../../pool/proxies/Proxies.ts"
import type { Action, ActionOf } from "../buttons.ts"
import type { LinesReport, ProxyDraft } from "../ProxyDrafts.ts"
import { bold, code, type Html, html, type Keyboard, pre, type Screen } from "../Screen.ts"
import type { Document } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"
import { pageOf, pager } from "./lists.ts"
import { cut, grid, lines, menuBelow, notice, tap, trailOf } from "./parts.ts"
import { bitsOf, countryText, dayAfter, throughText, typeName } from "./proxyParts.ts"
import { targetButtons, targetLabels, wayOut } from "./wizard.ts"

const endsAfter = [5, 10, 15, 30] as const

/** Ten rows are as much as a thumb scrolls through, and names of two words need half of a row. */
const countriesOnPage = 20
const countriesInRow = 2

/** Twelve long names would fill the message. */
const targetsTextMax = 300

export interface AddView {
  readonly draft: ProxyDraft
  readonly resource: Resource
  /** Countries of the proxies, the one added to last first. */
  readonly recent: ReadonlyArray<CountryCode>
  /** The page of the countries. */
  readonly page: number
}

export const addScreen = (view: AddView, texts: Texts): Screen => {
  switch (view.draft.step) {
    case "type":
      return typeStep(view, texts)
    case "lines":
      return (view.draft.asked ?? []).length > 0 ? askingStep(view, texts) : linesStep(view, texts)
    case "saved":
      return refusedScreen(view.draft, texts)
    case "targets":
      return targetsStep(view, texts)
    case "country":
      return countryStep(view, texts)
    case "days":
      return daysStep(view, texts)
  }
}

const types: ReadonlyArray<ProxyType> = ["http", "socks5"]

const typeStep = ({ draft }: AddView, texts: Texts) =>
  step(
    draft,
    [html`${texts.proxies.adding.chooseType}`],
    [types.map((type) => tap(typeName(type), { _tag: "ProxyType", type }))],
    { _tag: "Group", group: "proxies" },
    texts,
  )

const linesStep = ({ draft, resource }: AddView, texts: Texts) => {
  const { adding } = texts.proxies
  const { endpoints, report, tail, targets } = draft
  const next: Action = { _tag: "ProxyUsed", targets: bitsOf(resource, targets) }
  return step(
    draft,
    [
      ...(report === null ? [] : [...reportLines(report, texts), html``]),
      ...(tail?.isHeld === true ? [html`${adding.held}`, html``] : []),
      ...(endpoints.length === 0 ? [] : [html`${adding.total(endpoints.length)}`, html``]),
      html`${adding.sendLines}`,
      code(adding.form),
      html`${adding.formWithoutLogin}`,
      html`${adding.example}`,
      code(exampleLine),
      html``,
      html`${adding.willBeDeleted}`,
    ],
    [
      ...(endpoints.length === 0 ? [] : [[tap(texts.wizard.next, next, "primary")]]),
      ...refusedButton(draft, texts),
    ],
    { _tag: "ProxyAdd" },
    texts,
  )
}

const choose = (answer: ActionOf<"ProxyAsked">["answer"], label: string) => [
  tap(label, { _tag: "ProxyAsked", answer }),
]

/** Lines with another password for a login that is there may be either of two things. */
const askingStep = ({ draft }: AddView, texts: Texts) => {
  const { adding } = texts.proxies
  return step(
    draft,
    [
      ...(draft.report === null ? [] : [...reportLines(draft.report, texts), html``]),
      bold(adding.asked(draft.asked?.length ?? 0)),
      html`${adding.newPasswordMeans}`,
      html`${adding.sessionsMean}`,
    ],
    [
      choose("password", adding.newPassword),
      choose("sessions", adding.sessions),
      choose("none", adding.noneOfThem),
    ],
    { _tag: "ProxyAdd" },
    texts,
  )
}

const refusedButton = ({ refused = [] }: Pick<ProxyDraft, "refused">, texts: Texts): Keyboard => {
  const label = texts.proxies.adding.showRefused(refused.length)
  return refused.length === 0 ? [] : [[tap(label, { _tag: "ProxyRefused", page: 0 })]]
}

type Refused = NonNullable<ProxyDraft["refused"]>

/** Each line below its reason, as a comment: sent back as a whole, it is read without the reasons. */
const refusedText = (refused: Refused, { proxies }: Texts): string =>
  refused.map(({ text, problem }) => `# ${proxies.adding.problems[problem]}\n${text}`).join("\n")

/** Leaves room in a message for the heading. */
const refusedTextMax = 3_300

/** More lines are hard to mend in a message on a phone. */
const refusedShownMax = 40

export const fitsMessage = (refused: Refused, texts: Texts): boolean =>
  refused.length <= refusedShownMax && refusedText(refused, texts).length <= refusedTextMax

/** The lines that were not accepted, for their sender, whose own message is deleted. */
export const refusedScreen = (
  { refused = [], step: at }: Pick<ProxyDraft, "refused" | "step">,
  texts: Texts,
): Screen => {
  const { adding } = texts.proxies
  const back: Action = at === "saved" ? { _tag: "ProxyAdd" } : { _tag: "ProxyLines" }
  const label = at === "saved" ? adding.addMore : texts.wizard.back
  return {
    html: lines(
      bold(adding.refusedTitle),
      html`${adding.refusedHint}`,
      html``,
      pre(refusedText(refused, texts)),
    ),
    keyboard: [
      [tap(label, back)],
      [tap(adding.forgetRefused, { _tag: "ProxyForget" })],
      menuBelow(texts),
    ],
  }
}

/** The same as a file. */
export const refusedFile = (refused: Refused, texts: Texts): Document => ({
  name: "proxies-not-accepted.txt",
  bytes: new TextEncoder().encode(`${refusedText(refused, texts)}\n`),
})

export const refusedCaption = (refused: Refused, { proxies }: Texts): Screen => ({
  html: html`${proxies.adding.refusedFile(refused.length)}`,
  keyboard: [],
})

/** An address that belongs to nobody. */
const exampleLine = "proxy.example.com:8080:user:password"

const reportLines = (
  { accepted, rejected, bad, spaced = [], isJoined, renewed = 0 }: LinesReport,
  texts: Texts,
) => {
  const { adding } = texts.proxies
  const untold = rejected - bad.length
  return [
    bold(adding.received(accepted, rejected)),
    ...bad.map(({ number, problem }) => html`${adding.badLine(number, adding.problems[problem])}`),
    ...(untold > 0 ? [html`${adding.moreBad(untold)}`] : []),
    ...(spaced.length > 0 ? [html`${adding.spaced(spaced.join(", "))}`] : []),
    ...(renewed > 0 ? [html`${adding.renewed(renewed)}`] : []),
    ...(isJoined === true ? [html`${adding.joined}`] : []),
  ]
}

const targetsStep = ({ draft, resource }: AddView, texts: Texts) =>
  step(
    draft,
    [html`${texts.proxies.adding.usedFor}`, html`${texts.proxies.adding.usedForNothing}`],
    [
      ...targetButtons(
        resource,
        bitsOf(resource, draft.targets),
        (targets) => ({ _tag: "ProxyUsed", targets }),
        texts,
      ),
      [tap(texts.wizard.next, { _tag: "ProxyCountries", page: 0 }, "primary")],
    ],
    { _tag: "ProxyLines" },
    texts,
  )

const countryStep = ({ draft, resource, recent, page: asked }: AddView, texts: Texts) => {
  const sorted = sortedCountries(texts.language)
  const all = [...recent, ...sorted.filter((country) => !recent.includes(country))]
  const { page, pages, shown } = pageOf(all, asked, countriesOnPage)
  return step(
    draft,
    [html`${texts.proxies.adding.chooseCountry}`],
    [
      ...grid(
        shown.map((country) =>
          tap(`${flagOf(country)} ${countryName(country, texts.language)}`, {
            _tag: "ProxyCountry",
            country,
          }),
        ),
        countriesInRow,
      ),
      ...pager({ page, pages }, (to) => ({ _tag: "ProxyCountries", page: to })),
    ],
    { _tag: "ProxyUsed", targets: bitsOf(resource, draft.targets) },
    texts,
  )
}

const daysStep = ({ draft, resource }: AddView, texts: Texts) =>
  step(
    draft,
    [
      ...(draft.targets.length === 0 ? [] : [html`${usedText(resource, draft.targets, texts)}`]),
      html`${texts.proxies.adding.chooseDays}`,
    ],
    endsAfter.map((days) => [
      tap(texts.proxies.adding.days(days, formatDay(dayAfter(draft.today, days))), {
        _tag: "ProxyDays",
        days,
      }),
    ]),
    { _tag: "ProxyCountries", page: 0 },
    texts,
  )

const usedText = (resource: Resource, targets: ReadonlyArray<string>, texts: Texts) =>
  texts.proxies.adding.usedAlready(cut(targetLabels(resource, targets, texts), targetsTextMax))

const step = (
  draft: ProxyDraft,
  text: ReadonlyArray<Html>,
  choices: Keyboard,
  back: Action,
  texts: Texts,
): Screen => ({
  html: lines(bold(trail(draft, texts)), html``, ...text),
  keyboard: [...choices, wayOut(back, texts)],
})

/** The choices that were made before the step that is shown. */
const trail = ({ step: at, type, endpoints, country }: ProxyDraft, texts: Texts): string =>
  trailOf(
    texts.proxies.adding.title,
    ...(at === "type" || type === null ? [] : [typeName(type)]),
    ...(at === "type" || at === "lines" ? [] : [texts.wizard.pieces(endpoints.length)]),
    ...(at !== "days" || country === null ? [] : [countryText(country, texts)]),
  )

/** The end of a draft that was saved. */
export const savedScreen = ({ draft, resource, days, saved }: SavedView, texts: Texts): Screen => {
  const { adding } = texts.proxies
  const lost = draft.endpoints.length - saved
  const text =
    saved === 0
      ? [html`${adding.nothingSaved}`]
      : [
          html`${adding.saved(saved)}`,
          html`${adding.willAppear(resource.issuedTab)}`,
          html`${texts.proxies.goods.until}: ${throughText(dayAfter(draft.today, days), texts)}`,
          ...(lost > 0 ? [html`${adding.alreadyThere(lost)}`] : []),
        ]
  return {
    html: lines(bold(trail(draft, texts)), html``, ...text),
    keyboard: [
      ...refusedButton(draft, texts),
      [tap(adding.addMore, { _tag: "ProxyAdd" })],
      menuBelow(texts),
    ],
  }
}

export interface SavedView {
  /** As it was saved. */
  readonly draft: ProxyDraft
  readonly resource: Resource
  readonly days: number
  /** How many of its lines became proxies. */
  readonly saved: number
}

/**
 * The end of a draft that was given up. Lines that are `known` are proxies already and are not
 * lost: that is true of all lines of a draft that was saved while Telegram was out of reach.
 * Refused lines are `kept` for the next draft, or gone with this one.
 */
export const endedScreen = (
  { refused = [], ...draft }: Given,
  known: Standing,
  texts: Texts,
  areKept = false,
): Screen => {
  const { adding } = texts.proxies
  const count = refused.length
  const ended = count === 0 && draft.step !== "saved" ? adding.endedEmpty : adding.ended
  const dropped = droppedOf(draft, known)
  const isEmpty = draft.endpoints.length + (draft.asked ?? []).length === 0
  const text = isEmpty ? ended : dropped === 0 ? adding.endedKnown : adding.endedDropping(dropped)
  const about = areKept ? adding.refusedKept(count) : adding.refusedErased(count)
  return notice(count === 0 ? text : `${text} ${about}`, texts)
}

type Given = Pick<ProxyDraft, "endpoints" | "asked" | "refused"> & Partial<Pick<ProxyDraft, "step">>

/** How many lines are lost with the draft. */
export const droppedOf = (
  { endpoints, asked = [] }: Pick<ProxyDraft, "endpoints" | "asked">,
  known: Standing,
): number =>
  [...endpoints, ...asked].filter((endpoint) => !known.lines.has(sessionKey(endpoint))).length
