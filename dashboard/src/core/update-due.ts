/** Nobody has pressed a key or the pointer for this long, ms: nothing is being typed. */
export const updateQuietMs = 60_000

export interface UpdateQuestion {
  readonly ownBuild: string
  /** Of the server that is heard; null: none yet. */
  readonly serverBuild: string | null
  /** The server does not speak with this build at all. */
  readonly otherProtocol: boolean
  /** A part of this page did not come: some browsers give it only to a page that is loaded anew. */
  readonly partMissing: boolean
  /** The server is heard: without it a page that is loaded anew would show less than this one. */
  readonly isLive: boolean
  readonly highOpen: boolean
  /** Since the last key or press, ms. */
  readonly quietMs: number
  readonly dialogOpen: boolean
  /** This browser lets a page sound again after it loaded itself anew. */
  readonly keepsSound: boolean
  /** The page was loaded for this very build already, and is the old one all the same. */
  readonly triedAlready: boolean
}

/** `offered`: a bar with a button. `now`: load it. */
export type UpdateLook = 'none' | 'offered' | 'now'

/**
 * A page never changes under somebody's hands or during a High alarm. Only one that the server does not understand is loaded
 * anew at once: it shows nothing that is true.
 */
export const updateDue = (question: UpdateQuestion): UpdateLook => {
  const { ownBuild, serverBuild, otherProtocol, partMissing, triedAlready } = question
  if (otherProtocol) return triedAlready ? 'offered' : 'now'
  if (!partMissing && (serverBuild === null || serverBuild === ownBuild)) return 'none'
  const may = question.isLive && !question.highOpen && !question.dialogOpen && question.keepsSound && !triedAlready
  return may && question.quietMs >= updateQuietMs ? 'now' : 'offered'
}
