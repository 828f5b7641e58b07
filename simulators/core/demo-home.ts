import type { TherapyCriticality } from '#domain/alarm/codes.ts'

/** Six homes on one hub, one pump each: every protocol and every kind of wire. */
export interface DemoPump {
  readonly id: string
  readonly protocol: 'ip1' | 'alaris-acp' | 'mqtt-json'
  readonly wire: 'serial' | 'tcp' | 'mqtt'
  readonly label: string
  readonly criticality: TherapyCriticality
  readonly scenario: string
  readonly settings: Readonly<Record<string, number>>
}

export const demoPumps: readonly DemoPump[] = [
  {
    id: 'P-0001',
    protocol: 'ip1',
    wire: 'serial',
    label: 'Home 12',
    criticality: 'standard',
    scenario: 'demo-opening',
    settings: { rateMlPerHour: 125, vtbiMl: 1000, bagMl: 1020 },
  },
  {
    // A small-bore line: at this rate a wide one would hide an occlusion for a quarter of an hour.
    id: 'P-0002',
    protocol: 'ip1',
    wire: 'serial',
    label: 'Home 3',
    criticality: 'critical',
    scenario: 'demo',
    settings: { rateMlPerHour: 2.1, vtbiMl: 100, bagMl: 102, kvoRateMlPerHour: 0.5, complianceMlPerMmHg: 0.0002 },
  },
  {
    id: '8002-51740',
    protocol: 'alaris-acp',
    wire: 'serial',
    label: 'Home 7',
    criticality: 'standard',
    scenario: 'demo',
    settings: { rateMlPerHour: 12.5 },
  },
  {
    id: 'P-0004',
    protocol: 'ip1',
    wire: 'tcp',
    label: 'Home 21',
    criticality: 'standard',
    scenario: 'demo',
    settings: { rateMlPerHour: 85, vtbiMl: 1000, bagMl: 1010 },
  },
  {
    id: 'P-0005',
    protocol: 'mqtt-json',
    wire: 'mqtt',
    label: 'Home 9',
    criticality: 'critical',
    scenario: 'demo',
    settings: { rateMlPerHour: 40 },
  },
  {
    id: 'P-0006',
    protocol: 'mqtt-json',
    wire: 'mqtt',
    label: 'Home 16',
    criticality: 'unknown',
    scenario: 'demo',
    settings: { rateMlPerHour: 62.5, vtbiMl: 750, bagMl: 760 },
  },
]

export interface DemoPlaces {
  readonly serverUrl: string
  /** Folder of the serial links. */
  readonly portsDir: string
  readonly hubDir: string
  readonly truthFile: string
  readonly tcpPort: number
  readonly mqttPort: number
  readonly statusPort: number
  /** Of the simulators. */
  readonly controlPort: number
  /** Files that hold the process ids of the three. */
  readonly processes: { readonly hub: string; readonly server: string; readonly simulators: string }
  /** Where libfaketime reads how far the hub's clock is off; null: its clock is the machine's. */
  readonly hubClock: string | null
  /** Told to the first pump instead of its own; null: its own. */
  readonly scenario: string | null
}

/** Content of the server's ASSIGNMENTS_FILE. */
export const assignments = (): object =>
  Object.fromEntries(demoPumps.map(({ id, label, criticality }) => [id, { label, criticality }]))

const serialLink = (places: DemoPlaces, pump: DemoPump): string => `${places.portsDir}/${pump.id}`

/** Configuration of the simulators. */
export const simulatorConfig = (places: DemoPlaces): object => ({
  truth: places.truthFile,
  control: places.controlPort,
  processes: places.processes,
  ...(places.hubClock === null ? {} : { hubClock: places.hubClock }),
  pumps: demoPumps.map((pump, index) => {
    const { id, protocol, settings } = pump
    const scenario = index === 0 ? (places.scenario ?? pump.scenario) : pump.scenario
    const common = { id, protocol, scenario, settings, seed: 1 }
    switch (pump.wire) {
      case 'serial':
        return { ...common, serial: serialLink(places, pump) }
      case 'tcp':
        return { ...common, tcp: `127.0.0.1:${places.tcpPort}` }
      case 'mqtt':
        return { ...common, mqtt: `mqtt://127.0.0.1:${places.mqttPort}` }
    }
  }),
})

/** Configuration of the gateway. */
export const gatewayConfig = (places: DemoPlaces): object => ({
  name: 'demo',
  server: { url: places.serverUrl },
  dataDir: places.hubDir,
  statusPort: places.statusPort,
  ports: demoPumps.flatMap((pump) => {
    const common = { name: pump.label.replace(' ', '-').toLowerCase(), protocol: pump.protocol, simulated: 'demo' }
    switch (pump.wire) {
      case 'serial':
        return [{ ...common, url: `serial:${serialLink(places, pump)}` }]
      case 'tcp':
        return [{ ...common, url: `tcp://127.0.0.1:${places.tcpPort}` }]
      case 'mqtt':
        return []
    }
  }),
  mqtt: {
    host: '127.0.0.1',
    port: places.mqttPort,
    simulated: 'demo',
    pumps: demoPumps.filter(({ wire }) => wire === 'mqtt').map(({ id }) => ({ id })),
  },
})
