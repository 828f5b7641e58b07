import type { RecordTriage } from './commands.ts'
import type { Decision } from './decision.ts'
import type { AlarmState } from './state.ts'

/** What was written down moves no region: it may come at any time, also when the alarm has long left the state. */
export const decideTriage = (state: AlarmState, command: RecordTriage): Decision => {
  const { at, episodeId, by, expectedVersion, knownVersion, requestId, record } = command
  const done = state.requests.find((request) => request.requestId === requestId)
  if (done !== undefined)
    return done.act === 'triage-recorded' && done.episodeId === episodeId
      ? { outcome: 'ok', events: [] }
      : { outcome: 'refused', reason: 'request-id-reused' }
  const version = state.triage[episodeId] ?? knownVersion
  if (version !== expectedVersion) return { outcome: 'conflict', episodeId, reason: 'changed', by: null, at: null }
  return {
    outcome: 'ok',
    events: [{ type: 'triage-recorded', episodeId, at, by, requestId, version: version + 1, record }],
  }
}
