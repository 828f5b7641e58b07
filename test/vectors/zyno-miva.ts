// TEXT and check of zyno-miva.md 2 and 6, without STX and ETX. Derived: computed from the rule, no capture of a reply is published.

/** Literal frames of the page. */
export const requestHex = {
  RN: '02 52 4E 41 30 03',
  RI: '02 52 49 39 42 03',
  Q5: '02 51 35 38 36 03',
  RS: '02 52 53 41 35 03',
} as const

/** By exclusive or. */
export const xorRequests = { RN: 'RN1C', RI: 'RI1B' } as const

export const serialHex = '02 52 4E 53 4E 38 30 30 30 30 39 37 32 03'

export const derived = {
  serial: 'RNSN80000972',
  ring: 'RI00000000000000109C',
  askEntry15: 'RE0000000F2D',
  /** Downstream occlusion, 2022-11-04 11:10:36. */
  entry15: 'RE0000000F095AC8B2A4000200000000000000000092',
  /** Occlusion cleared. */
  entry16: 'RE00000010095AC8B2A400040000000000000000007F',
  /** Battery low, 3.61 V, 12.5 mL. */
  entry17: 'RE000000110D5AC8B2A4000240670A3D4148000000D3',
  volts: 'R701A964',
  notAvailable: 'QHERROR23',
}

/** An index outside the ring. */
export const forbiddenEntry = 'RE0000A90031'

/** 2022-11-04 11:10:36. */
export const absoluteTime = '5AC8B2A4'
/** 100000 s, and what RC says at that moment. */
export const relativeTime = 'A08601F0'
export const relativeClock = 'F00186A0'

/** Commands that act: power, run, stop, programs, keys, library, prescription. */
export const forbiddenCommands = [
  'WT00',
  'WT01',
  'WT02',
  ...['W0', 'W1', 'W2', 'WA', 'WC', 'WK', 'WM', 'WN', 'WR', 'WX'].flatMap((name) => [name, `${name}00000001`]),
  'K0',
  'K1',
  'K01',
  'L0',
  'LT',
  'S9',
  'S901',
  ':0',
  '*0',
  'Q1',
  'Q2',
  'R3',
]
