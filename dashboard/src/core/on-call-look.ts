import type { OnCallNow } from '#domain/on-call/api.ts'

/** The rota by itself is an alarm 12 h before a gap; the bar says it as early. */
const aheadMs = 12 * 3_600_000

/** What the bar says of who is on call. Of several teams the worst is told. */
export type OnCallLook =
  | { readonly is: 'covered'; readonly primary: string; readonly next: string | null }
  | { readonly is: 'gap-soon'; readonly primary: string; readonly from: number }
  | { readonly is: 'nobody'; readonly until: number | null }
  | { readonly is: 'no-rota' }
  /** Not told by the server, or too long ago. */
  | { readonly is: 'unknown' }

const badness: readonly OnCallLook['is'][] = ['covered', 'unknown', 'gap-soon', 'no-rota', 'nobody']

const lookOf = ({ duty, gaps, timeZone }: OnCallNow['teams'][number], now: number): OnCallLook => {
  if (timeZone === null) return { is: 'no-rota' }
  const { primary, backup, lead } = duty
  const gap = gaps.find(({ to }) => to > now)
  if (primary === null || (gap !== undefined && gap.from <= now)) return { is: 'nobody', until: gap?.to ?? null }
  if (gap !== undefined && gap.from < now + aheadMs) return { is: 'gap-soon', primary: primary.name, from: gap.from }
  const after = [backup, lead].find((person) => person !== null && person.userId !== primary.userId)
  return { is: 'covered', primary: primary.name, next: after?.name ?? null }
}

/** `now`: server time, ms. */
export const onCallLook = (told: OnCallNow | null, now: number | null): OnCallLook => {
  if (told === null || now === null || told.teams.length === 0) return { is: 'unknown' }
  const looks = told.teams.map((team) => lookOf(team, now))
  return looks.toSorted((a, b) => badness.indexOf(b.is) - badness.indexOf(a.is))[0] ?? { is: 'unknown' }
}

/** Drawn in the colour of what must not be overlooked. */
export const isLoud = (look: OnCallLook): boolean => look.is !== 'covered' && look.is !== 'unknown'
