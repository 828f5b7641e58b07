import { EpisodeId, PumpId } from '#domain/ids.ts'
import type { HighAlarm } from '#gateway/core/high-alarms.ts'
import type { LocalAlarmState } from '#gateway/core/local-alarm.ts'
import type { PlainInput, PlainPump } from '#gateway/core/plain-view.ts'

export const calm: PlainPump = {
  port: 'bedside',
  silentMs: 400,
  lost: false,
  listenOnly: false,
  verified: true,
  alarms: [],
  reason: null,
}

export const occlusion: HighAlarm = {
  pumpId: PumpId.parse('P-1'),
  port: 'bedside',
  key: '["1","occlusion-downstream",null]',
  code: 'occlusion-downstream',
  ids: [EpisodeId.parse('e1')],
  sinceMs: 0,
  heard: true,
  taken: false,
  endedMs: null,
}

export const silent: LocalAlarmState = { reasons: [], sounding: false, quietForMs: null }

/** A hub that is well, as the page's words see it. */
export const wellInput: PlainInput = {
  hub: 'home-1',
  simulated: false,
  version: '1.0.0',
  nurseLine: '0800 555 0142',
  nowMs: 300_000,
  pumps: [calm],
  local: silent,
  high: [],
  afterMs: 120_000,
  uplink: {
    paired: true,
    refused: false,
    inTrouble: false,
    unansweredMs: 1_000,
    everAnswered: true,
    alarmsWaitMs: null,
  },
  conditions: [],
  healthy: true,
  sounder: null,
}

const ringing = { ...calm, alarms: [{ code: 'occlusion-downstream', priority: 'high' } as const] }
const noServer = { ...wellInput.uplink, inTrouble: true, unansweredMs: 2_880_000 }

/** One picture of each state that the page can be in, beside the one that it finds by itself. */
export const pageStates = {
  well: wellInput,
  call: {
    ...wellInput,
    pumps: [ringing, { ...calm, port: 'night stand', silentMs: 1_900 }],
    high: [{ alarm: occlusion, accepted: false }],
    local: { reasons: [{ kind: 'no-answer', alarm: occlusion }], sounding: true, quietForMs: null },
    uplink: noServer,
  },
  told: { ...wellInput, pumps: [ringing], high: [{ alarm: occlusion, accepted: false }] },
  taken: { ...wellInput, pumps: [ringing], high: [{ alarm: occlusion, accepted: true }] },
  disconnected: { ...wellInput, uplink: noServer },
  'not-paired': { ...wellInput, uplink: { ...noServer, paired: false } },
  'not-heard': {
    ...wellInput,
    pumps: [
      {
        ...calm,
        lost: true,
        silentMs: 95_000,
        reason: 'The cable is not plugged into this box.',
      },
      { ...calm, port: 'night stand' },
    ],
  },
  low: { ...wellInput, pumps: [{ ...calm, alarms: [{ code: 'reservoir-low', priority: 'low' }] }] },
} as const satisfies Record<string, PlainInput>
