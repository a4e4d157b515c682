/**
 * The language of the page: that of its address (`?lang=en`), else the one chosen before, else that
 * of the browser. It stands for as long as the page is loaded: a switch loads the page anew.
 */
import { kept, keep } from "./memory.js"

const russian = /^(ru|uk|be|kk|ky|uz|tg|hy|az)\b/i

const languageNow = () => {
  const asked = new URLSearchParams(location.search).get("lang") ?? kept("language")
  if (asked === "ru" || asked === "en") return asked
  return russian.test(navigator.language) ? "ru" : "en"
}

export const language = languageNow()
document.documentElement.lang = language

/** The one of two texts, or of two sets of texts, that the page speaks: `words({ ru, en })`. */
export const words = (both) => both[language]

/**
 * Gives the elements of index.html their words: the text of `data-ru` and `data-en`, and with
 * `data-of` the attribute of that name instead of the text.
 */
export const speakElements = () => {
  for (const node of document.querySelectorAll("[data-ru]")) {
    const text = words(node.dataset)
    if (node.dataset.of === undefined) node.textContent = text
    else node.setAttribute(node.dataset.of, text)
  }
}

/** Loads the page in the other language; everything else on it stays, as its address says it. */
export const speak = (other) => {
  keep("language", other)
  const address = new URL(location.href)
  if (address.searchParams.has("lang")) address.searchParams.set("lang", other)
  history.replaceState(null, "", address)
  location.reload()
}
