/**
 * Loaded before a bench that measures another checkout: `--import otherCheckout.ts?root=DIR`.
 *
 * The bench itself is this one. What it imports beside itself (src, test, the packages) comes from
 * the same places of the other checkout, so that both programs are measured by the same lines.
 */
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"

const here = new URL("..", import.meta.url).href
const bench = new URL(".", import.meta.url).href
const root = new URL(import.meta.url).searchParams.get("root") ?? ""
const there = pathToFileURL(root.endsWith("/") ? root : `${root}/`).href

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    const isOurs = found.url.startsWith(here) && !found.url.startsWith(bench)
    return isOurs ? { ...found, url: there + found.url.slice(here.length) } : found
  },
})
