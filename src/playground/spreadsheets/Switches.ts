/**
 * How Google answers in cases that nobody could confirm. Each is a switch, so that tests can show
 * the bot to be right either way. `doctor --smoke` finds the position of each that Google has.
 */
export interface Switches {
  /** Deleting or updating metadata that is not there is refused; otherwise it does nothing. */
  readonly strictPrune: boolean
  /** A request that is wrong is named before a number of metadata that is taken. */
  readonly wrongBeforeTaken: boolean
  /** A cut leaves hidden rows where they are, and closes the gap in what it pastes. */
  readonly cutSkipsHidden: boolean
  /** Finding and replacing passes over hidden rows. */
  readonly searchSkipsHidden: boolean
  /** A row is appended below the last box to tick, where that is further down than the last value. */
  readonly boxesAreData: boolean
  /** `updatedSpreadsheet` lists every sheet; otherwise only those of the response ranges. */
  readonly responseListsEverySheet: boolean
  /** A response range that cannot be read is refused after the batch was applied, not before. */
  readonly lateRangeError: boolean
  /** A cut of answers to a form is refused; a copy never is. */
  readonly formsRefuseCut: boolean
  /** A cut through a merged block is refused. */
  readonly mergesRefuseCut: boolean
  /** A copy of a part of a merged block is refused. */
  readonly mergesRefuseCopy: boolean
  /** A cell of a merged block other than its first keeps no value that is written into it. */
  readonly mergesSwallow: boolean
  /** A cut out of a table is refused. */
  readonly tablesRefuseCut: boolean
  /** Rows of a table cannot be deleted. */
  readonly tablesRefuseDelete: boolean
}

export const defaultSwitches: Switches = {
  strictPrune: false,
  wrongBeforeTaken: false,
  cutSkipsHidden: false,
  searchSkipsHidden: false,
  boxesAreData: false,
  responseListsEverySheet: false,
  lateRangeError: false,
  formsRefuseCut: true,
  mergesRefuseCut: true,
  mergesRefuseCopy: false,
  mergesSwallow: true,
  tablesRefuseCut: false,
  tablesRefuseDelete: false,
}
