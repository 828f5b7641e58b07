import { z } from 'zod'

// What is said at the simulators' control port (docs/simulators.md, "The control port"), also through the server.

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/)

export const ActBody = z.strictObject({
  act: name.describe('As in `simulators acts`.'),
  amount: z.number().optional(),
  code: name.optional().describe('Of `raise` and `end`: the code of an alarm.'),
})
export const FaultBody = z.strictObject({
  fault: name.describe('As in `simulators faults`.'),
  on: z.boolean().optional().describe('false ends it. Default true.'),
  amount: z.number().optional(),
  way: z.enum(['both', 'from-pump', 'to-pump']).optional(),
})

/**
 * Faults of the programs around the pumps. The server passes none of them on: a role on a web page ends no process, and a server
 * that was stopped could not be told to go on.
 */
export const programFaults: readonly string[] = [
  'hub-clock-1970',
  'hub-clock-step',
  'hub-clock-drift',
  'kill-hub',
  'kill-server',
  'kill-simulators',
  'stop-hub',
  'stop-server',
]

export const PumpFaultBody = FaultBody.refine(({ fault }) => !programFaults.includes(fault), {
  path: ['fault'],
  error: 'is for the control port itself: it concerns a whole program',
})
export const KeyBody = z.strictObject({ key: name })
export const SpeedBody = z.strictObject({ speed: z.number().describe('Virtual seconds per second, 0.1 to 1000.') })
export const StepBody = z.strictObject({ ms: z.number().describe('Virtual ms, 1 to 3600000.') })

export const Seed = z.int().min(0).max(0xffff_ffff)
export const StoryBody = z.strictObject({
  scenario: name.describe('As in `simulators scenarios`.'),
  seed: Seed.optional().describe('Of its chances. Default: the pump’s own.'),
})
export const StoryList = z.object({
  scenarios: z.array(
    z.object({
      name: z.string(),
      what: z.string(),
      /** Kills or stops a program, or sets the hub's clock: the server passes none of these on. */
      programs: z.boolean(),
    }),
  ),
})
export type StoryList = z.infer<typeof StoryList>

export const fleetMixes = ['home', 'volumetric', 'neonatal'] as const
export const FleetBody = z.strictObject({
  pumps: z.int().min(1).max(5000),
  seed: Seed.default(1),
  speed: z.number().min(0.1).max(1000).default(1).describe('Virtual seconds per second.'),
  mix: z.enum(fleetMixes).default('home').describe('As in `simulators fleet --help`.'),
})
export type FleetBody = z.infer<typeof FleetBody>
/** Ten pumps a hub, and more where there are over 1,000. */
export const hubsOfFleet = (pumps: number): number => Math.min(100, Math.ceil(pumps / 10))
/** At the control port: with a claim for each hub, `claimId:code`. */
export const FleetOrder = FleetBody.extend({ server: z.url(), claims: z.array(z.string().max(80)).max(100) })
export type FleetOrder = z.infer<typeof FleetOrder>
export const FleetState = z.object({
  /** Null: there is none. */
  fleet: FleetBody.extend({ hubs: z.int(), startedAt: z.int() }).nullable(),
  /** How it goes, or why it could not begin; empty: nothing to say. */
  words: z.string(),
})
export type FleetState = z.infer<typeof FleetState>

/** How virtual time goes. */
export const SimulatorClock = z.object({ speed: z.number(), paused: z.boolean() })
export type SimulatorClock = z.infer<typeof SimulatorClock>

/** A simulated pump as it really is. Virtual time in ms; rate mL/h, volumes mL, pressure mmHg. */
export const SimulatedPumpReport = SimulatorClock.extend({
  id: z.string(),
  protocol: z.string(),
  scenario: z.string(),
  address: z.string(),
  plugged: z.boolean(),
  /** Since the simulation began. */
  virtualMs: z.number(),
  /** Of the pump, since it was switched on. */
  uptimeMs: z.number(),
  operatingState: z.string(),
  rateMlPerHour: z.number(),
  infusedTotalMl: z.number(),
  programRemainingMl: z.number(),
  linePressureMmHg: z.number(),
  batteryPercent: z.number(),
  onMains: z.boolean(),
  activeAlarms: z.array(z.string()),
  dropped: z.number(),
  faults: z.array(z.string()),
})
export type SimulatedPumpReport = z.infer<typeof SimulatedPumpReport>

export const SimulatorList = SimulatorClock.extend({ pumps: z.array(SimulatedPumpReport) })
export type SimulatorList = z.infer<typeof SimulatorList>

const Amount = z.object({ unit: z.string(), usual: z.number(), low: z.number(), high: z.number() })

/** What can be done to one pump, beside how it is. */
export const SimulatedPumpDetail = SimulatedPumpReport.extend({
  keys: z
    .array(
      z.object({ key: z.string(), what: z.string(), does: z.array(z.string()).describe('Acts, as the pump is now.') }),
    )
    .describe('The keys of this pump.'),
  acts: z.array(
    z.object({ act: z.string(), what: z.string(), amount: Amount.optional(), takesCode: z.boolean().optional() }),
  ),
  possibleFaults: z.array(
    z.object({ fault: z.string(), what: z.string(), amount: Amount.optional(), hasWay: z.boolean() }),
  ),
  alarmCodes: z.array(z.string()).describe('Codes that `raise` and `end` take.'),
})
export type SimulatedPumpDetail = z.infer<typeof SimulatedPumpDetail>

/** Exactly what was done, with usual amounts filled in. */
export const Done = z.record(z.string(), z.unknown())

const Frame = z.union([
  z.object({
    ok: z.literal(true),
    type: z.string(),
    fields: z.record(z.string(), z.unknown()),
    hex: z.string(),
  }),
  z.object({ ok: z.literal(false), fault: z.string(), hex: z.string() }),
])
export type WireFrame = z.infer<typeof Frame>

/** One line of `GET /pumps/{id}/wire`. */
export const WireLine = z.union([
  /** First of all. */
  z.object({ pumpId: z.string(), protocol: z.string() }),
  /** So many lines are missing here: they came faster than they were read. */
  z.object({ lost: z.number() }),
  z.object({
    atMs: z.number(),
    way: z.enum(['from-pump', 'to-pump']),
    hex: z.string(),
    /** Of an MQTT message. */
    topic: z.string().optional(),
    /** So many of these bytes went nowhere: the cable was out, or nobody took them. */
    lostBytes: z.number().optional(),
    /** Frames that ended in this chunk, decoded as by `gateway decode`. */
    frames: z.array(Frame),
  }),
])
export type WireLine = z.infer<typeof WireLine>
