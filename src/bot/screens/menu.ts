/** The menu, the resources of one group, and the help. */
import type { Group, Resource } from "../../domain/Catalogue.ts"
import type { Action } from "../buttons.ts"
import { fieldsOf, type KnownOrder } from "../orders.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { type CommandName, type Texts, uncapitalised } from "../texts/Texts.ts"
import { cut, grid, lines, menuBelow, tap } from "./parts.ts"
import { trailOfOrder } from "./wizard.ts"

/** A phone shows about that many characters of a button that has a row to itself. */
const repeatMax = 48

/**
 * Each account has a button of its own, and each other group has one button. `repeat` is the order
 * of the first button, where there is one.
 */
export const mainMenu = (
  resources: ReadonlyArray<Resource>,
  texts: Texts,
  repeat?: KnownOrder,
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
          ...resources.filter(({ group }) => group === "accounts").map(resourceButton(texts)),
          ...[...groups].map((group) => tap(texts.menu.groups[group], { _tag: "Group", group })),
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
): Screen => ({
  html: lines(bold(texts.menu.groups[group]), html`${texts.menu.chooseInGroup}`),
  keyboard: [
    ...grid(resources.filter((resource) => resource.group === group).map(resourceButton(texts)), 2),
    [tap(texts.wizard.back, { _tag: "Menu" })],
  ],
})

/** Where a resource is chosen: in the menu of its group, or in the main menu if it is alone there. */
export const above = ({ group }: Resource, resources: ReadonlyArray<Resource>): Action => {
  const isAlone = resources.filter((each) => each.group === group).length === 1
  return group === "accounts" || isAlone ? { _tag: "Menu" } : { _tag: "Group", group }
}

/**
 * How the bot works, what those statuses mean whose names do not say enough, and for admins the
 * commands that only they have.
 */
export const help = (
  resources: ReadonlyArray<Resource>,
  texts: Texts,
  ofAdmins: ReadonlyArray<CommandName> = [],
): Screen => {
  const [heading = "", ...rest] = texts.menu.helpText
  const statuses = resources.map((resource) => {
    const meanings = resource.statuses.flatMap(({ id, sign, label }) => {
      const meaning = texts.menu.statusMeanings[id]
      return meaning === undefined ? [] : [html`${sign} ${texts.label(label)}: ${meaning}`]
    })
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
      ...statuses.flat(),
      ...proxies,
      ...(ofAdmins.length > 0 ? [html``, bold(texts.menu.ofAdmins)] : []),
      ...ofAdmins.map((name) => html`/${name}: ${uncapitalised(texts.menu.commands[name])}`),
    ),
    keyboard: [menuBelow(texts)],
  }
}

const repeatButton = (order: KnownOrder, texts: Texts) => {
  const what = trailOfOrder(order, order.variant, texts)
  return tap(texts.employee.repeat.button(cut(what, repeatMax)), {
    _tag: "Issue",
    ...fieldsOf(order),
  })
}

const resourceButton = (texts: Texts) => (resource: Resource) =>
  tap(texts.label(resource.label), { _tag: "Resource", resource: resource.id })
