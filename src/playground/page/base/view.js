/**
 * What is on the screen, kept in the address after the #, so that it survives a reload and a link
 * shows others the same: `#left=2&right=1&sheet=demo-issued/Прокси`.
 *
 * Nothing here decides what a name means: each part of the page asks for its own, and takes a
 * sensible choice where the address names something that is not there.
 */
const read = () => new URLSearchParams(location.hash.slice(1))

export const seen = (name) => read().get(name) ?? undefined

/** `undefined` takes the name out of the address. */
export const show = (name, text) => {
  const all = read()
  if (text === undefined) all.delete(name)
  else all.set(name, String(text))
  history.replaceState(null, "", `#${all}`)
}

/** Brings another view to the front: every part of the page that keeps one of the names follows. */
export const go = (names) => {
  const all = read()
  for (const [name, text] of Object.entries(names)) all.set(name, String(text))
  // Unlike `replaceState`, this tells the listeners; it leaves no step to go back to either.
  if (`#${all}` !== location.hash) location.replace(`#${all}`)
}

/** Calls `changed` when another part of the page brings a view to the front, or when
 * a person edits the address or follows a link to another view. */
export const onView = (changed) => addEventListener("hashchange", changed)
