/** Where a button leads in a draft of proxies. Pure. */
import { Option } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import { findCountry } from "../../domain/countries.ts"
import type { Action } from "../Callback.ts"
import type { ProxyDraft } from "../ProxyDrafts.ts"
import { isTargets, targetsOf } from "../screens/targets.ts"

type Tags = "Type" | "Lines" | "Used" | "Countries" | "Country"
export type StepAction = Extract<Action, { readonly _tag: `Proxy${Tags}` }>

/** None where the draft cannot stand there: something before that step is missing. */
export const stepped = (
  draft: ProxyDraft,
  action: StepAction,
  resource: Resource,
): Option.Option<ProxyDraft> => {
  if (action._tag === "ProxyType") {
    return Option.some({ ...draft, type: action.type, step: "lines" })
  }
  if (draft.type === null) return Option.none()
  if (action._tag === "ProxyLines") return Option.some({ ...draft, step: "lines" })
  if (draft.endpoints.length === 0) return Option.none()
  switch (action._tag) {
    case "ProxyUsed": {
      const targets = targetsOf(resource, action.targets)
      return isTargets(resource, action.targets)
        ? Option.some({ ...draft, targets, step: "targets" })
        : Option.none()
    }
    case "ProxyCountries":
      return Option.some({ ...draft, step: "country" })
    case "ProxyCountry":
      return Option.map(findCountry(action.country), (country) => ({
        ...draft,
        country,
        step: "days" as const,
      }))
  }
}
