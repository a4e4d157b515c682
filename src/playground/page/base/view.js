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

/** Calls `changed` when a person edits the address, or follows a link to another view. */
export const onView = (changed) => addEventListener("hashchange", changed)
