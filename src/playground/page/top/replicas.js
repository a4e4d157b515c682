/**
 * The replicas of the bot, where the demo was started with some: where the bot is, and a button that
 * kills one.
 */
import { get, path, post } from "../base/api.js"
import { byId, el, keyed, timeText } from "../base/dom.js"
import { words } from "../base/language.js"

const text = words({
  ru: {
    title: "Реплики",
    hint: "Убейте ту, где бот, и пишите дальше: через несколько секунд ответит другая.",
    name: (n) => `Реплика ${n}`,
    states: {
      starting: "запускается",
      waiting: "наготове",
      serving: "бот здесь",
      gone: "процесса нет",
    },
    since: (time) => `с ${time}`,
    kill: "Убить",
    killTitle: (n) => `Убить реплику ${n}: kill -9`,
  },
  en: {
    title: "Replicas",
    hint: "Kill the one that has the bot, and go on writing: another one answers in a few seconds.",
    name: (n) => `Replica ${n}`,
    states: {
      starting: "starting",
      waiting: "stands by",
      serving: "the bot is here",
      gone: "no process",
    },
    since: (time) => `since ${time}`,
    kill: "Kill",
    killTitle: (n) => `Kill replica ${n}: kill -9`,
  },
})

export const makeReplicas = (changed) => {
  const section = byId("replicas")
  const list = el("ul", { "aria-live": "polite" })
  section.append(el("h2", {}, text.title), list, el("p", {}, text.hint))

  const kill = async (n) => {
    await post(`${path("replicas", n)}/kill`, {})
    changed()
  }

  const replica = ({ n, state, since }) =>
    el(
      "li",
      { className: state, data: { replica: n } },
      el("b", {}, text.name(n)),
      el("span", {}, text.states[state]),
      el("time", {}, text.since(timeText(since))),
      // Without a button the focus goes to the line of the replica.
      state === "gone" || state === "starting"
        ? undefined
        : el(
            "button",
            {
              type: "button",
              "aria-label": text.killTitle(n),
              on: { click: () => kill(n) },
            },
            text.kill,
          ),
    )

  const show = async () => {
    const replicas = await get(path("replicas"))
    keyed(list, replicas, ({ n }) => n, replica)
    section.hidden = replicas.length === 0
  }

  return { show }
}
