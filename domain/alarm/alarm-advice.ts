/** What the alarm means, and what is asked on the phone. Apart from the catalogue, because a list of alarms needs none of it. */
export interface AlarmAdvice {
  /** One sentence. */
  readonly meaning: string
  /** What the patient or carer can check, as the nurse asks it on the phone. The pump's instructions and the team's protocol win. */
  readonly firstChecks: readonly string[]
  /** Replaces `firstChecks` when the therapy is critical. */
  readonly criticalFirstChecks?: readonly string[]
}
