import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlarmCode } from '#domain/alarm/codes.ts'
import { plainReason } from '#gateway/core/plain-reason.ts'
import { plainStatus } from '#gateway/core/plain-status.ts'
import { calm, occlusion, pageStates, silent, wellInput } from '#test/support/hub-states.ts'
import type { PlainInput } from '#gateway/core/plain-view.ts'

const title = (input: PlainInput): string => plainStatus(input).title.text

describe('what the status page says', () => {
  it('says that all is well, and how old its data are: those of the pump that was silent longest', () => {
    const pumps = [calm, { ...calm, port: 'night stand', silentMs: 3_000 }]
    expect(plainStatus({ ...wellInput, pumps })).toMatchObject({
      mood: 'well',
      title: { text: 'All is well' },
      lines: [{ text: 'Last data', agoMs: 3_000 }],
      also: [],
    })
  })

  it('says that its pumps are simulated, whatever else it says', () => {
    for (const input of Object.values(pageStates)) {
      expect(plainStatus(input).simulated).toBe(false)
      expect(plainStatus({ ...input, simulated: true }).simulated).toBe(true)
    }
  })

  it('has one headline for each state', () => {
    expect(Object.fromEntries(Object.entries(pageStates).map(([name, input]) => [name, title(input)]))).toEqual({
      well: 'All is well',
      call: 'Call your nurse line now',
      told: 'The pump at “bedside” reports: Downstream occlusion',
      taken: 'A nurse has taken the alarm',
      disconnected: 'This box has no connection to the server',
      'not-paired': 'NOT PAIRED: no nurse sees this box',
      'not-heard': 'The pump at “bedside” is not heard',
      low: 'The pump at “bedside” reports: Bag or cassette nearly empty',
    })
  })

  it('puts the worst first and names the rest', () => {
    const { uplink } = pageStates.disconnected
    expect(plainStatus({ ...pageStates.low, uplink })).toMatchObject({
      mood: 'attention',
      title: { text: 'This box has no connection to the server', sinceMs: 2_880_000 },
      also: [{ text: 'The pump at “bedside” reports: Bag or cassette nearly empty' }],
    })
  })

  it('never says that all is well while anything is not', () => {
    const worse: readonly Partial<PlainInput>[] = [
      { pumps: [] },
      { pumps: [{ ...calm, silentMs: null }] },
      { pumps: [calm, { ...calm, port: 'spare', silentMs: null }] },
      { pumps: [{ ...calm, verified: false }] },
      { pumps: [{ ...calm, lost: true }] },
      { pumps: [{ ...calm, listenOnly: true, silentMs: null }] },
      { pumps: [{ ...calm, alarms: [{ code: 'reservoir-low', priority: 'low' }] }] },
      { high: [{ alarm: occlusion, accepted: true }] },
      { high: [{ alarm: occlusion, accepted: false }] },
      { local: { ...silent, reasons: [{ kind: 'storage', sinceMs: 0 }] } },
      { uplink: { ...wellInput.uplink, paired: false } },
      { uplink: { ...wellInput.uplink, refused: true } },
      { uplink: { ...wellInput.uplink, unansweredMs: 26_000 } },
      { uplink: { ...wellInput.uplink, unansweredMs: 11_000, inTrouble: true } },
      { uplink: { ...wellInput.uplink, alarmsWaitMs: 11_000 } },
      { uplink: { ...wellInput.uplink, everAnswered: false } },
      { healthy: false },
      { sounder: 'fails' },
      { conditions: [{ code: 'storage-degraded', priority: 'low', text: 'disk nearly full' }] },
    ]
    for (const change of worse)
      expect(plainStatus({ ...wellInput, ...change }).mood, JSON.stringify(change)).not.toBe('well')
  })

  it('does not repeat what a pump says in its own words, which may name a drug or a patient', () => {
    const secret = { ...calm, alarms: [{ code: 'device-text', priority: 'high' } as const] }
    const said = JSON.stringify(plainStatus({ ...wellInput, pumps: [secret] }))
    expect(said).toContain('An alarm that this box does not know')
  })

  it('has words for every alarm and every port trouble, and none of those that must not be said', () => {
    fc.assert(
      fc.property(fc.constantFrom(...AlarmCode.options), fc.constantFrom('high', 'medium', 'low'), (code, priority) => {
        const said = JSON.stringify(plainStatus({ ...wellInput, pumps: [{ ...calm, alarms: [{ code, priority }] }] }))
        expect(said).not.toMatch(/\b(silence|mute|suspend|disable|inhibit|acknowledge|undefined|null of)\b/i)
      }),
    )
    for (const kind of ['serial', 'tcp'] as const)
      for (const code of [
        'GW_PORT_MISSING',
        'GW_PORT_FORBIDDEN',
        'GW_PORT_BUSY',
        'GW_PORT_NOT_RAW',
        'GW_LINK_LOST',
        'GW_PORT_FAILED',
      ])
        expect(plainReason({ kind, link: 'closed', code, bytesReceived: 0 })).toMatch(/\.$|\?$/)
  })

  it('tells the wrong cable from the missing one', () => {
    const port = { kind: 'serial', link: 'waiting', code: null, bytesReceived: 0 } as const
    expect(plainReason(port)).toContain('nothing comes through it')
    expect(plainReason({ ...port, bytesReceived: 10 })).toContain('not understood')
    expect(plainReason({ ...port, code: 'GW_PORT_BUSY' })).toContain('Another program')
    expect(plainReason({ ...port, kind: 'tcp', code: 'GW_PORT_NOT_RAW' })).toContain('RFC 2217')
  })
})
