/**
 * Scenes: hard cases that play by themselves. The cards stand in a drawer; while one plays, a bar
 * says in words what happens, and the page brings the person or the tab of the step to the front.
 */
import { get, path, post, remove } from "../base/api.js"
import { el, keyed } from "../base/dom.js"
import { words } from "../base/language.js"

const text = words({
  ru: {
    title: "Сцены: трудные случаи одним нажатием",
    play: "Показать",
    playing: "Идёт…",
    stop: "Остановить",
    step: (n, of) => `шаг ${n} из ${of}`,
    done: "Сцена доиграна.",
    cancelled: "Сцена остановлена.",
    failed: (why) => `Сцена не удалась: ${why}`,
    close: "Закрыть",
  },
  en: {
    title: "Scenes: hard cases at one click",
    play: "Play",
    playing: "Playing…",
    stop: "Stop",
    step: (n, of) => `step ${n} of ${of}`,
    done: "The scene is over.",
    cancelled: "The scene was stopped.",
    failed: (why) => `The scene failed: ${why}`,
    close: "Close",
  },
})

/** `bring(look)` brings a person or a tab to the front, `begun()` makes room to see what happens. */
export const makeScenes = (section, bar, { bring, begun, changed }) => {
  const cards = el("ul", { className: "cards" })
  section.append(el("h2", {}, text.title), cards)
  let scenes = []
  let running
  /** The scene whose end is on the bar until somebody closes it. */
  let ended
  let looked = ""
  /** How many scenes were started here: an answer from before a start says nothing about it. */
  let starts = 0

  const start = async (id) => {
    ended = undefined
    if ((await post(path("scenes", id), {})) === undefined) return
    starts += 1
    running = { id }
    paint()
    begun()
    changed()
  }

  const stop = async () => {
    await remove("/sim/scenes")
    changed()
  }

  const card = ({ scene: { id, title, watch }, isPlaying, isBusy }) =>
    el(
      "li",
      { className: isPlaying ? "card playing" : "card", data: { scene: id } },
      el("h3", {}, words(title)),
      el("p", {}, words(watch)),
      el(
        "button",
        {
          type: "button",
          className: "primary",
          disabled: isBusy,
          "aria-label": `${text.play}: ${words(title)}`,
          on: { click: () => start(id) },
        },
        isPlaying ? text.playing : text.play,
      ),
    )

  const titleOf = (id) => {
    const scene = scenes.find((each) => each.id === id)
    return scene === undefined ? "" : words(scene.title)
  }

  const playingBar = ({ id, step, n, of }) => [
    el("b", {}, titleOf(id)),
    ...(step === undefined
      ? []
      : [
          el("span", { className: "count" }, text.step(n, of)),
          el("progress", { value: n, max: of, "aria-label": text.step(n, of) }),
          el("span", { className: "step" }, words(step)),
        ]),
    el("button", { type: "button", on: { click: stop } }, text.stop),
  ]

  const endedBar = ({ id, end, error, step }) => [
    el("b", {}, titleOf(id)),
    el(
      "span",
      { className: "step" },
      end === "failed" ? text.failed(error ?? "") : text[end],
      // What the last step said stays to be read.
      ...(end === "done" && step !== undefined ? [" ", words(step)] : []),
    ),
    el(
      "button",
      {
        type: "button",
        "aria-label": text.close,
        on: {
          click: () => {
            ended = undefined
            paint()
          },
        },
      },
      "×",
    ),
  ]

  let painted
  const paint = () => {
    keyed(
      cards,
      scenes.map((scene) => ({
        scene,
        isPlaying: running?.id === scene.id,
        isBusy: running !== undefined,
      })),
      ({ scene }) => scene.id,
      card,
    )
    const state = JSON.stringify([running, ended])
    if (state === painted) return
    painted = state
    bar.hidden = running === undefined && ended === undefined
    bar.classList.toggle("failed", ended?.end === "failed")
    if (running !== undefined) bar.replaceChildren(...playingBar(running))
    else if (ended !== undefined) bar.replaceChildren(...endedBar(ended))
  }

  /** Follows the scene to another place, once for each step: a visitor may look elsewhere then. */
  const follow = () => {
    const place = running?.look === undefined ? "" : JSON.stringify([running.n, running.look])
    if (place === looked) return
    looked = place
    if (place !== "") bring(running.look)
  }

  const show = async () => {
    const before = starts
    const now = await get("/sim/scenes")
    if (starts !== before) return
    scenes = now.scenes
    // The end of a scene that played before the page was opened is no news.
    if (running !== undefined && now.running === undefined && now.last !== undefined) {
      // Of a step before the last one there is nothing to say any more.
      ended = { ...now.last, step: running.n === running.of ? running.step : undefined }
    }
    running = now.running
    paint()
    follow()
  }

  return { show }
}
