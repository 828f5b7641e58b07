import type { AlarmCode } from './alarm/codes.ts'

// ISO/IEEE 11073-10101 (MDC) codes, all of them, and nowhere else (vocabulary.md 10). A verified code may be emitted, a secondary
// one only beside its mark, an unknown one is null. Our own code is always the first coding.

export const mdcSystem = 'urn:iso:std:iso:11073:10101'
export const ownAlarmSystem = 'urn:infusion-watch:alarm-code'

export type MdcMark = 'verified' | 'secondary' | 'unknown'

export const mdcSources = {
  ihe: 'IHE PCD Technical Framework Vol. 2/3, Rev 9.0 (2019), or HL7 FHIR R5/R6; or computed from such a row as partition × 65536 + term',
  fhirR5: 'HL7 FHIR R5 terminology',
  captures: "captures, open drivers and vendor notes; not read in a standards body's text",
  none: 'no source found; null until read in RTMMS',
} as const

export interface MdcRow {
  readonly code: number | null
  /** Null: not known. */
  readonly refid: string | null
  readonly mark: MdcMark
  readonly source: keyof typeof mdcSources
}

const verified = (code: number | null, refid: string | null = null): MdcRow => ({
  code,
  refid: refid === null ? null : `MDC_${refid}`,
  mark: 'verified',
  source: 'ihe',
})
const secondary = (code: number | null, refid: string | null = null): MdcRow => ({
  ...verified(code, refid),
  mark: 'secondary',
  source: 'captures',
})
const unknown: MdcRow = { code: null, refid: null, mark: 'unknown', source: 'none' }

/** Sample fields (vocabulary.md 1). 157784 means the set rate on a source channel and the total rate on a delivery channel. */
export const sampleMdc = {
  pumpSerial: verified(67972, 'ATTR_SYS_ID'),
  pumpClockAt: verified(67975, 'ATTR_TIME_ABS'),
  infusingStatus: verified(184519, 'PUMP_INFUSING_STATUS'),
  deliveryStatus: verified(158005, 'CURRENT_DELIVERY_STATUS'),
  notDeliveringReason: secondary(158006, 'NOT_DELIVERING_REASON'),
  deliveryMode: verified(158008, 'PROGRAM_DELIVERY_MODE'),
  rateMlPerHour: verified(158014, 'FLOW_FLUID_PUMP_CURRENT'),
  programmedRateMlPerHour: verified(157784, 'FLOW_FLUID_PUMP'),
  vtbiMl: verified(157884, 'VOL_FLUID_TBI'),
  programRemainingMl: verified(157872, 'VOL_FLUID_TBI_REMAIN'),
  infusedTotalMl: verified(157993, 'VOL_FLUID_DELIV_TOTAL'),
  infusedSegmentMl: secondary(157992, 'VOL_FLUID_DELIV_SEGMENT'),
  containerStartMl: verified(157994, 'VOL_FLUID_CONTAINER_START'),
  timeRemainingSeconds: verified(157916, 'TIME_PD_REMAIN'),
  programmedTimeSeconds: secondary(157996, 'TIME_PD_PROG'),
  doseIntervalMinutes: verified(157998, 'TIME_PD_DOSE_START_INTERVAL'),
  doseRate: verified(157924, 'RATE_DOSE'),
  concentrationMgPerMl: verified(157760, 'CONC_DRUG'),
  drugLabel: verified(184514, 'DRUG_NAME_LABEL'),
  linePressureMmHg: unknown,
  airAccumulatedMl: unknown,
  batteryPercent: verified(67996, 'ATTR_VAL_BATT_CHARGE'),
  // The REFID is disputed (ATTR_VAL_BATT_REMAIN, ATTR_TIME_BATT_REMAIN): match on the number.
  batteryMinutesRemaining: verified(67976),
  powerSource: verified(67925, 'ATTR_POWER_STAT'),
  clockNtp: verified(532226),
  clockSntp: verified(532227),
  clockNone: verified(532224),
} as const satisfies Readonly<Record<string, MdcRow>>

/** What happens without being an alarm (vocabulary.md 6). */
export const eventMdc = {
  'delivery-start': verified(197288),
  'delivery-stop': unknown,
  'delivery-complete': secondary(197292),
  'patient-changed': verified(197302),
  'door-open': verified(202828),
  'door-closed': verified(202852),
  'battery-charging': verified(202758),
  'audio-paused-at-pump': verified(202822),
  'counters-cleared': unknown,
  'pump-clock-changed': unknown,
  'link-changed': unknown,
} as const satisfies Readonly<Record<string, MdcRow>>

/** Containment, attributes and units (vocabulary.md 10.1). */
export const structureMdc = {
  pumpMds: verified(69985),
  pumpVmd: verified(69986),
  sourceChannel: verified(126977),
  deliveryChannel: verified(126978),
  lvpMds: verified(70049),
  lvpVmd: verified(70050),
  deliveryInfo: verified(70067),
  primarySource: verified(70071),
  rack: verified(70101),
  syringeMds: secondary(70053),
  syringeVmd: secondary(70054),
  model: verified(67880),
  alarmSource: verified(68480),
  alarmPhase: verified(68481),
  alarmState: verified(68482),
  alarmInactivation: verified(68483),
  alarmPriority: verified(68484),
  alarmType: verified(68485),
  alarmText: secondary(68546),
  unitMl: verified(263762),
  unitMlPerHour: verified(265266),
  unitMinute: verified(264352),
  unitSecond: verified(264320),
  unitPercent: verified(262688),
  unitMmHg: verified(266016),
  unitMg: verified(263890),
  unitMgPerMl: verified(264306),
  unitUgPerKgPerMin: verified(265619),
  unitKg: verified(263875),
} as const satisfies Readonly<Record<string, MdcRow>>

/** Broader than the alarm it stands for: only ever a second coding. */
const lineProblem = verified(196860, 'EVT_FLUID_LINE_PROB')
const inoperative = verified(196660, 'EVT_INOP')
const linkStatus = verified(null, 'EVT_COMM_STATUS_CHANGE')

interface AlarmMdc {
  readonly exact: MdcRow
  readonly broader?: MdcRow
}

const none: AlarmMdc = { exact: unknown }

/** Sections 4 and 5 of vocabulary.md. 196800 means "battery failed", so an empty battery has no code. */
export const alarmMdc: Readonly<Record<AlarmCode, AlarmMdc>> = {
  'occlusion-downstream': { exact: verified(196940, 'EVT_FLUID_LINE_OCCL') },
  'occlusion-upstream': { exact: secondary(null, 'EVT_FLUID_LINE_OCCL_PROXIMAL'), broader: lineProblem },
  'occlusion-unspecified': { exact: verified(196688, 'EVT_OCCL') },
  'air-in-line': { exact: secondary(null, 'EVT_FLUID_LINE_AIR'), broader: lineProblem },
  'free-flow': { exact: verified(197206, 'EVT_PUMP_FLOW_FREE') },
  'reservoir-empty': { exact: verified(196634, 'EVT_EMPTY') },
  'reservoir-low': none,
  'infusion-near-complete': { exact: secondary(197334, 'EVT_VOL_INFUS_NEAR_COMP') },
  'infusion-complete': { exact: { ...verified(197332), source: 'fhirR5' } },
  'kvo-active': none,
  'kvo-ended': none,
  'cassette-detached': { exact: verified(196842, 'EVT_DOOR_OR_HANDLE_POSN_PROB') },
  'set-not-seated': { exact: secondary(null, 'EVT_CHECK_IV_SET') },
  'battery-low': { exact: verified(196802, 'EVT_BATT_LO') },
  'battery-depleted': none,
  'battery-fault': { exact: verified(196804, 'EVT_BATT_MALF') },
  'battery-replace': { exact: verified(203286, 'EVT_ADVIS_BATT_REPLACE') },
  'mains-lost': none,
  'drive-fault': { exact: unknown, broader: inoperative },
  // 196660 only where the pump says that it is unfit.
  'pump-malfunction': { exact: secondary(196678, 'EVT_MALF') },
  'sensor-fault': { exact: verified(196920, 'EVT_SENSOR_PROB') },
  temperature: none,
  'paused-too-long': { exact: verified(197192, 'EVT_TIMEOUT') },
  'dose-limit-reached': none,
  'host-timeout': none,
  'maintenance-due': { exact: verified(203266, 'EVT_ADVIS_CHK') },
  'keypad-fault': none,
  'device-text': { exact: verified(196616, 'EVT_ALARM') },
  'link-lost-pump': { exact: linkStatus },
  'link-lost-hub': { exact: linkStatus },
  'missed-start': none,
  'stopped-early': none,
  'under-infusion': { exact: secondary(196950, 'EVT_FLOW_LO') },
  'over-infusion': none,
  'settings-changed': { exact: verified(203276, 'EVT_ADVIS_SETTINGS_CHK') },
  'clock-untrusted': none,
  'hub-auth-failed': none,
  'hub-cloned': none,
  'record-quarantined': none,
  'storage-degraded': none,
  'server-degraded': none,
  'records-unaccounted': none,
  'identity-changed': none,
  'path-unproven': none,
  'notify-channel-down': none,
  'rota-gap': none,
  'hand-over-open': none,
}

export interface Coding {
  readonly system: string
  readonly code: string
  /** Absent on our own code. `secondary` must be shown wherever the coding is. */
  readonly mark?: MdcMark
  /** False: a broader term, never to be shown as the exact one. */
  readonly exact: boolean
}

const codingOf = (row: MdcRow | undefined, exact: boolean): readonly Coding[] =>
  row === undefined || row.code === null || row.mark === 'unknown'
    ? []
    : [{ system: mdcSystem, code: String(row.code), mark: row.mark, exact }]

/** The codings an export may carry for an alarm, our own first. */
export const alarmCodings = (code: AlarmCode): readonly Coding[] => [
  { system: ownAlarmSystem, code, exact: true },
  ...codingOf(alarmMdc[code].exact, true),
  ...codingOf(alarmMdc[code].broader, false),
]
