/** A page of the journal: a line for each event, the newest first. */
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { IssuanceId } from "../../domain/Issuance.ts"
import type { Recorded } from "../../store/Journal.ts"
import type { Action } from "../Callback.ts"
import { bold, code, type Html, html, joinHtml, type Keyboard, type Screen } from "../Screen.ts"
import { nameOf, type Scenery, sinceText } from "../screens/lists.ts"
import { lines, menuBelow, tap, visibleLength } from "../screens/parts.ts"
import { happeningOf } from "./auditText.ts"

/** Whose events they are. */
export type Subject =
  | { readonly _tag: "All" }
  | { readonly _tag: "Person"; readonly person: TelegramId }
  | { readonly _tag: "Issuance"; readonly issuance: IssuanceId }

export interface AuditView {
  readonly subject: Subject
  /** `0`: from the newest on. */
  readonly before: number
  /** The newest first: one more than `eventsOnPage` where there are as many. */
  readonly records: ReadonlyArray<Recorded>
  readonly resources: ReadonlyArray<Resource>
  nameOf(id: TelegramId): string
}

export const eventsOnPage = 20

/** Leaves room for the heading. */
const lengthMax = 3_800
const idsMax = 5

export const auditScreen = (view: AuditView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const shown = fitting(
    view.records.slice(0, eventsOnPage).map((each) => line(each, view, scenery)),
  )
  return {
    html: lines(
      bold(headingOf(view, scenery)),
      html``,
      ...(shown.length === 0 ? [html`${texts.audit.nothing}`] : shown),
    ),
    keyboard: [...turning(view, shown.length, scenery), menuBelow(texts)],
  }
}

const headingOf = ({ subject, nameOf: name }: AuditView, { texts: { audit } }: Scenery): string => {
  switch (subject._tag) {
    case "All":
      return audit.title
    case "Person":
      return audit.ofPerson(name(subject.person))
    case "Issuance":
      return audit.ofIssuance(subject.issuance)
  }
}

/** As many as there is room for, and never none. */
const fitting = (all: ReadonlyArray<Html>): ReadonlyArray<Html> => {
  let length = 0
  const end = all.findIndex((each, at) => {
    length += visibleLength(each) + 1
    return at > 0 && length > lengthMax
  })
  return end < 0 ? all : all.slice(0, end)
}

const line = ({ at, pool, event }: Recorded, view: AuditView, scenery: Scenery): Html => {
  const { texts } = scenery
  const { from, to, by, more } = texts.audit
  const resource = view.resources.find(({ id }) => id === pool)
  const happening = happeningOf(event, resource, texts)
  const people = [
    ...(happening.from === undefined ? [] : [from(view.nameOf(happening.from))]),
    ...(happening.to === undefined ? [] : [to(view.nameOf(happening.to))]),
    ...(happening.by === undefined ? [] : [by(view.nameOf(happening.by))]),
  ]
  const hidden = happening.ids.length - idsMax
  const ids = [
    ...happening.ids.slice(0, idsMax).map(code),
    ...(hidden > 0 ? [html`${more(hidden)}`] : []),
  ]
  return joinHtml(
    [
      html`${sinceText(at, scenery)}`,
      html`${resource === undefined ? pool : nameOf(resource, texts)}`,
      html`${happening.what}`,
      ...people.map((text) => html`${text}`),
      ...(ids.length === 0 ? [] : [joinHtml(ids, ", ")]),
    ],
    " · ",
  )
}

const turning = (
  { subject, before, records }: AuditView,
  shown: number,
  { texts: { audit } }: Scenery,
): Keyboard => {
  const last = records[shown - 1]
  const row = [
    ...(before > 0 ? [tap(audit.newest, pageOf(subject, 0))] : []),
    ...(last !== undefined && records.length > shown
      ? [tap(audit.older, pageOf(subject, last.seq))]
      : []),
  ]
  return [
    ...(row.length > 0 ? [row] : []),
    ...(subject._tag === "Person"
      ? [[tap(audit.card, { _tag: "Person", person: subject.person })]]
      : []),
  ]
}

const pageOf = (subject: Subject, before: number): Action => {
  switch (subject._tag) {
    case "All":
      return { _tag: "Audit", before }
    case "Person":
      return { _tag: "AuditPerson", person: subject.person, before }
    case "Issuance":
      return { _tag: "AuditIssuance", issuance: subject.issuance, before }
  }
}
