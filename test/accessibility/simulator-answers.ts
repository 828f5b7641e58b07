import type { SimulatedPumpDetail, SimulatorList } from '#domain/simulators/control.ts'
import type { Picture } from '#test/support/fake-live-server.ts'

// What the simulators' control port says through the server.

export const simulatorsOf = (picture: Picture): SimulatorList => ({
  speed: 1,
  paused: false,
  pumps: picture.pumps.slice(0, 6).map(({ pumpId }, at) => ({
    id: pumpId,
    speed: 1,
    paused: false,
    protocol: 'ip1',
    scenario: at === 0 ? 'blocked-line' : 'quiet-night',
    address: '/dev/pts/4',
    plugged: at !== 2,
    virtualMs: 3_725_000,
    uptimeMs: 3_000_000,
    operatingState: at === 0 ? 'stopped-alarm' : 'infusing',
    rateMlPerHour: at === 0 ? 0 : 2,
    infusedTotalMl: 31.4,
    programRemainingMl: 18.6,
    linePressureMmHg: 88,
    batteryPercent: 64,
    onMains: false,
    activeAlarms: at === 0 ? ['occlusion-downstream'] : [],
    dropped: 0,
    faults: at === 3 ? ['line-noise', 'delayed-frames'] : [],
  })),
})

export const simulatorOf = (picture: Picture): SimulatedPumpDetail | undefined => {
  const [pump] = simulatorsOf(picture).pumps
  return pump === undefined
    ? undefined
    : {
        ...pump,
        keys: [{ key: 'stop', what: 'Stop', does: ['stop'] }],
        acts: [
          { act: 'occlude', what: 'The line is kinked.' },
          {
            act: 'inject-air',
            what: 'A bubble of air.',
            amount: { unit: 'microlitres', usual: 100, low: 1, high: 1_000 },
          },
        ],
        possibleFaults: [
          { fault: 'line-noise', what: 'Bits of the line flip.', hasWay: true },
          { fault: 'delayed-frames', what: 'Frames come late.', hasWay: false },
        ],
        alarmCodes: ['air-in-line'],
      }
}
