/** What a message with lines makes of a draft of proxies. Pure. */
import { proxyDraftMax } from "../../config/Limits.ts"
import { endpointKey } from "../../domain/Proxy.ts"
import type { parseProxyText } from "../../domain/proxyLine.ts"
import type { LineProblem, ProxyDraft } from "../ProxyDrafts.ts"

/** Rejected lines that are told one by one; nobody corrects more of them by hand. */
const toldMax = 20

/** Of the newest messages; only the one at hand when the bot was killed may come again. */
const textsMax = 20

interface Message {
  readonly id: number
  readonly lines: ReturnType<typeof parseProxyText>
  /** Keys of those that are proxies already. */
  readonly known: ReadonlySet<string>
}

export const withLines = (draft: ProxyDraft, { id, lines, known }: Message): ProxyDraft => {
  const keys = new Set(draft.endpoints.map(endpointKey))
  const endpoints = [...draft.endpoints]
  const bad: Array<{ readonly number: number; readonly problem: LineProblem }> = lines.bad.map(
    ({ number, reason }) => ({ number, problem: reason }),
  )
  for (const { number, endpoint } of lines.good) {
    const key = endpointKey(endpoint)
    const problem = keys.has(key)
      ? "inDraft"
      : known.has(key)
        ? "known"
        : endpoints.length >= proxyDraftMax
          ? "tooMany"
          : undefined
    if (problem !== undefined) {
      bad.push({ number, problem })
      continue
    }
    keys.add(key)
    endpoints.push(endpoint)
  }
  return {
    ...withText(draft, id),
    endpoints,
    report: {
      accepted: endpoints.length - draft.endpoints.length,
      rejected: bad.length,
      bad: bad.toSorted((a, b) => a.number - b.number).slice(0, toldMax),
    },
  }
}

/** The message is dealt with. */
export const withText = (draft: ProxyDraft, id: number): ProxyDraft => ({
  ...draft,
  texts: [...draft.texts, id].slice(-textsMax),
})

/** Is there a login in one of the lines, be it that the line has a fault? */
export const hasLogin = (text: string): boolean =>
  text.split("\n").some((line) => afterPort.test(line) || beforeHost.test(line))

/** `…:port:user:password` */
const afterPort = /:\d{1,6}:[^:]*:./

/** `user:password@host:port`, be it as a link. */
const beforeHost = /\S:\S+@\S+:\d/
