/** The menu, the resources of one group, and the help. */
import type { Group, Resource } from "../../domain/Catalogue.ts"
import type { Region } from "../../domain/Region.ts"
import type { Lack } from "../../pool/Supply.ts"
import type { Action } from "../buttons.ts"
import { fieldsOf, type KnownOrder } from "../orders.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { type CommandName, type Texts, uncapitalised } from "../texts/Texts.ts"
import { cut, grid, lines, menuBelow, tap } from "./parts.ts"
import { marked, trailOfOrder } from "./wizard.ts"

/** A phone shows about that many characters of a button that has a row to itself. */
const repeatMax = 48

/** The resources that nobody can have anything of now, and why. */
export type Lacks = ReadonlyMap<Resource["id"], Lack>

const noLacks: Lacks = new Map()

/** The order of the first button of the menu. */
export interface Repeat extends KnownOrder {
  /** There is nothing for it now. */
  readonly isLacking?: boolean
}

/**
 * Each account has a button of its own, and each other group has one button. `repeat` is the order
 * of the first button, where there is one.
 */
export const mainMenu = (
  resources: ReadonlyArray<Resource>,
  texts: Texts,
  repeat?: Repeat,
  lacks = noLacks,
): Screen => {
  const groups = new Set(
    resources.map(({ group }) => group).filter((group) => group !== "accounts"),
  )
  return {
    html: bold(texts.menu.title),
    keyboard: [
      ...(repeat === undefined ? [] : [[repeatButton(repeat, texts)]]),
      ...grid(
        [
          ...resources
            .filter(({ group }) => group === "accounts")
            .map(resourceButton(texts, lacks)),
          ...[...groups].map((group) =>
            tap(marked(texts.menu.groups[group], lackOfGroup(group, resources, lacks), texts), {
              _tag: "Group",
              group,
            }),
          ),
        ],
        2,
      ),
      [tap(texts.menu.my, { _tag: "My" }), tap(texts.stats.title, { _tag: "Stats" })],
      [tap(texts.menu.help, { _tag: "Help" })],
    ],
  }
}

export const groupMenu = (
  group: Group,
  resources: ReadonlyArray<Resource>,
  texts: Texts,
  lacks = noLacks,
): Screen => ({
  html: lines(bold(texts.menu.groups[group]), html`${texts.menu.chooseInGroup}`),
  keyboard: [
    ...grid(
      resources.filter((resource) => resource.group === group).map(resourceButton(texts, lacks)),
      2,
    ),
    [tap(texts.wizard.back, { _tag: "Menu" })],
  ],
})

/** Where a resource is chosen: in the menu of its group, or in the main menu if it is alone there. */
export const above = ({ group }: Resource, resources: ReadonlyArray<Resource>): Action => {
  const isAlone = resources.filter((each) => each.group === group).length === 1
  return group === "accounts" || isAlone ? { _tag: "Menu" } : { _tag: "Group", group }
}

/** The commands that order. */
interface OrderCommands {
  readonly ordered: ReadonlyArray<Resource>
  /** A region for the example. */
  readonly region: Region | undefined
}

/**
 * How the bot works, what those statuses mean whose names do not say enough, and for admins the
 * commands that only they have.
 */
export const help = (
  resources: ReadonlyArray<Resource>,
  texts: Texts,
  ofAdmins: ReadonlyArray<CommandName> = [],
  { ordered, region }: OrderCommands = { ordered: [], region: undefined },
): Screen => {
  const [first] = ordered
  const isComplete = first !== undefined && region !== undefined
  const [heading = "", ...rest] = texts.menu.helpText
  const statuses = resources.map((resource) => {
    const meanings = resource.statuses.flatMap(({ sign, label, meaning }) =>
      meaning === undefined ? [] : [html`${sign} ${texts.label(label)}: ${texts.label(meaning)}`],
    )
    return meanings.length === 0 ? [] : [html``, bold(texts.label(resource.label)), ...meanings]
  })
  const proxies = resources
    .filter(({ group }) => group === "proxies")
    .flatMap(({ label }) => [html``, bold(texts.label(label)), html`${texts.proxies.help}`])
  return {
    html: lines(
      bold(heading),
      html``,
      ...rest.map((text) => html`${text}`),
      ...(first === undefined
        ? []
        : [
            html``,
            bold(texts.menu.ofResources),
            html`${ordered.map(({ id }) => `/${id}`).join(" ")}`,
          ]),
      ...(isComplete ? [html`${texts.menu.orderByCommand(`/${first.id} ${region} 2`)}`] : []),
      ...statuses.flat(),
      ...proxies,
      ...(ofAdmins.length > 0 ? [html``, bold(texts.menu.ofAdmins)] : []),
      ...ofAdmins.map((name) => html`/${name}: ${uncapitalised(texts.menu.commands[name])}`),
    ),
    keyboard: [menuBelow(texts)],
  }
}

const repeatButton = (order: Repeat, texts: Texts) => {
  const what = cut(trailOfOrder(order, order.variant, texts), repeatMax)
  const isLacking = order.isLacking === true
  return tap(texts.employee.repeat.button(marked(what, isLacking ? "none" : undefined, texts)), {
    _tag: isLacking ? "Lacking" : "Issue",
    ...fieldsOf(order),
  })
}

const resourceButton = (texts: Texts, lacks: Lacks) => (resource: Resource) =>
  tap(marked(texts.label(resource.label), lacks.get(resource.id), texts), {
    _tag: "Resource",
    resource: resource.id,
  })

/** A group lacks what all of its resources lack; it is paused where every one of them is. */
const lackOfGroup = (
  group: Group,
  resources: ReadonlyArray<Resource>,
  lacks: Lacks,
): Lack | undefined => {
  const all = resources.filter((each) => each.group === group).map(({ id }) => lacks.get(id))
  if (all.includes(undefined)) return undefined
  return all.includes("none") ? "none" : "paused"
}
