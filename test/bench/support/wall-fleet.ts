import { HubId, PumpId } from '#domain/ids.ts'
import type { Picture } from '#test/support/fake-live-server.ts'
import { alarmOf, hubOf, osei, pumpOf, sampleOf } from '#test/support/live-fixtures.ts'

/** A large site: 5,000 pumps of 834 hubs, of which 1,000 a second tell something, 120 open alarms, and new ones while all that goes on. */
export const wallFleet = { pumps: 5_000, perHub: 6, updatesPerSecond: 1_000, alarms: 120, newAlarms: 120 } as const

export const pumpOfFleet = (at: number): { readonly pumpId: PumpId; readonly hubId: HubId } => ({
  pumpId: PumpId.parse(`P-${String(at).padStart(4, '0')}`),
  hubId: HubId.parse(`hub-${Math.floor(at / wallFleet.perHub)}`),
})

/** Every 60th alarm a High and every third a Medium that nobody has; the others are Low and taken. */
export const wallPicture = (): Picture => {
  const now = Date.now()
  const pumps = Array.from({ length: wallFleet.pumps }, (_, at) => {
    const { pumpId, hubId } = pumpOfFleet(at)
    return pumpOf(pumpId, {
      hubId,
      label: `North ${at + 1}`,
      statusIntervalMs: 10_000,
      sample: sampleOf({ rateMlPerHour: (at % 40) / 2 }),
      sampledAt: now,
      receivedAt: now,
    })
  })
  const hubIds = [...new Set(pumps.map(({ hubId }) => hubId))]
  const alarms = Array.from({ length: wallFleet.alarms }, (_, at) => {
    const alarm = { startedAt: now - at * 20_000, observedAt: now - 700_000, ...pumpOfFleet(at * 40) }
    if (at % 60 === 0) return alarmOf(`open-${at}`, alarm)
    if (at % 3 === 0) return alarmOf(`open-${at}`, { ...alarm, priority: 'medium', code: 'battery-low' })
    return alarmOf(`open-${at}`, { ...alarm, response: 'accepted', owner: osei, acceptedAt: now, priority: 'low' })
  })
  return { pumps, hubs: hubIds.map((id) => hubOf(id, { lastHeardAt: now })), alarms, closed: [] }
}
