import type { AlarmView, PumpView } from '#domain/live/views.ts'
import type { PumpId } from '#domain/ids.ts'
import { pumpSubject } from '../link-commands.ts'
import type { SubjectCommand } from '../link-commands.ts'

/** Another pump that has answered for so long without a break is the pump of this port, ms. */
const settledMs = 1_800_000

/** `identity-changed` is over when the new pump has settled in; the line stays on the list until somebody has answered it. */
export const identitySettled = (
  open: readonly AlarmView[],
  pump: (pumpId: PumpId) => PumpView | null,
  now: number,
): readonly SubjectCommand[] =>
  open.flatMap(({ code, condition, pumpId, startedAt }) => {
    if (code !== 'identity-changed' || condition !== 'active' || pumpId === null) return []
    if (now - startedAt < settledMs || pump(pumpId)?.link !== 'up') return []
    return [{ subject: pumpSubject(pumpId), command: { type: 'end-derived', at: now, code, channelId: null } }]
  })
