/** What this browser remembers of the page. A browser without storage just forgets it. */
const full = (name) => `account-bot.${name}`

export const kept = (name) => {
  try {
    return localStorage.getItem(full(name)) ?? undefined
  } catch {
    return undefined
  }
}

/** `undefined` forgets. */
export const keep = (name, text) => {
  try {
    if (text === undefined) localStorage.removeItem(full(name))
    else localStorage.setItem(full(name), text)
  } catch {
    // The page then starts the next time as if nothing had been chosen.
  }
}
