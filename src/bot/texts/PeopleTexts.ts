/** What admins read about people and regions, in one language. */

export interface PeopleTexts {
  readonly list: {
    title(count: number): string
    waiting(count: number): string
    readonly roles: Readonly<Record<"admin" | "employee" | "applicant" | "blocked", string>>
    /** How many items somebody holds, and the age of the oldest. */
    holds(count: number, age: string): string
    readonly hint: string
    readonly back: string
  }
  readonly card: {
    readonly stage: string
    readonly id: string
    readonly role: string
    holds(count: number): string
    readonly holdsNothing: string
    more(count: number): string
    readonly dismiss: string
  }
  /** A time that went by: the two greatest of its parts. */
  age(days: number, hours: number, minutes: number): string
  readonly dismissal: {
    readonly usage: string
    unknown(name: string): string
    several(name: string): string
    readonly isAdmin: string
    ask(name: string): string
    readonly meaning: string
    readonly meaningForApplicant: string
    done(name: string): string
    by(admin: string, at: string): string
    readonly closed: string
    readonly readmit: string
    /** Until when it can be taken back. */
    until(at: string): string
    readmitted(name: string): string
    readonly leftAsItIs: string
    readonly alreadyBack: string
    backBy(admin: string, at: string): string
    readonly tooLate: string
    /** To the person. */
    readonly ended: string
    readonly begun: string
    /** To the other admins. */
    endedBy(name: string, by: string): string
    readmittedBy(name: string, by: string): string
  }
  readonly left: {
    readonly title: string
    readonly nothing: string
    readonly confirmAll: string
    readonly giveAll: string
    readonly asideAll: string
    readonly confirm: string
    readonly give: string
    readonly aside: string
    readonly legend: string
    chooseColleague(what: string): string
    all(count: number): string
    readonly noColleagues: string
    readonly colleagueGone: string
    readonly hasAccess: string
    confirmed(count: number): string
    given(count: number, to: string): string
    setAside(count: number): string
    settledBefore(count: number): string
    notTold(count: number): string
    notWritten(count: number): string
    /** To the colleague, on the message that will show the item. */
    handedOver(what: string): string
    readonly handOverFailed: string
  }
  readonly regions: {
    title(count: number): string
    readonly none: string
    usage(issued: number): string
    readonly hint: string
    readonly toAdd: string
    readonly toRemove: string
    added(codes: string): string
    already(codes: string): string
    invalid(codes: string): string
    readonly nothingChanged: string
    unknown(code: string): string
    ask(code: string): string
    readonly meaning: string
    readonly remove: string
    removed(code: string): string
    alreadyRemoved(code: string): string
    by(admin: string, at: string): string
    wayBack(code: string): string
    readonly bringBack: string
    /** To the other admins. */
    addedBy(codes: string, by: string): string
    removedBy(code: string, by: string): string
    returnedBy(code: string, by: string): string
    back(code: string): string
    readonly alreadyThere: string
    readonly tooLate: string
  }
  /** A file of the bot could not be changed. */
  unwritable(file: string): string
  damaged(file: string): string
}
