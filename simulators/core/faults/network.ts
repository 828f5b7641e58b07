// What can go wrong between a hub and its server, or on any TCP connection.

/** What happens to the bytes of one direction. Everything left out: nothing. */
export interface FlowFaults {
  /** Each chunk arrives so much later, ms: a number between the two. Order is kept. */
  readonly delayMs?: readonly [least: number, most: number]
  /** At most so many bytes a second. */
  readonly bytesPerSecond?: number
  /** Cut into pieces of at most so many bytes, each on its way by itself: a slow drip, together with a delay. */
  readonly pieceBytes?: number
  /** This share of the bytes, 0 to 1, has one flipped bit. */
  readonly flip?: number
  /** Bytes are swallowed and the connection stays open: a peer that is gone without a word. */
  readonly stall?: boolean
}

export interface NetworkFaults {
  readonly toServer?: FlowFaults
  readonly toClient?: FlowFaults
  /** Nobody answers a new connection: it opens and nothing ever comes. */
  readonly silentAccept?: boolean
  /** This share of connections, 0 to 1, is reset after some bytes to the server: somewhere in a request. */
  readonly resetInRequest?: number
  /** This share of answers, 0 to 1, is lost: the server has done its work, the client sees a reset. */
  readonly loseAnswer?: number
}

export interface ProxyCounts {
  connections: number
  /** Connections that were open together, at most. */
  mostOpen: number
  bytesToServer: number
  bytesToClient: number
  flippedBits: number
  resets: number
  lostAnswers: number
  swallowedBytes: number
}

type FlowFault = keyof FlowFaults

interface NetworkFaultDescription {
  readonly what: string
  /** Has a direction: `to-server:` or `to-client:` before it; without: both. */
  readonly field: FlowFault | Exclude<keyof NetworkFaults, 'toServer' | 'toClient'>
  readonly isFlow: boolean
  /** null: takes no value. */
  readonly value: 'share' | 'count' | 'range' | null
}

export const networkFaults = {
  delay: { what: 'delay=100..1000: each chunk comes so many ms later', field: 'delayMs', isFlow: true, value: 'range' },
  bandwidth: { what: 'bandwidth=8000: bytes a second', field: 'bytesPerSecond', isFlow: true, value: 'count' },
  piece: { what: 'piece=100: cut into pieces of so many bytes', field: 'pieceBytes', isFlow: true, value: 'count' },
  corrupt: { what: 'corrupt=0.00001: share of bytes with a flipped bit', field: 'flip', isFlow: true, value: 'share' },
  stall: { what: 'bytes are swallowed, connections stay open', field: 'stall', isFlow: true, value: null },
  'silent-accept': { what: 'nobody answers a new connection', field: 'silentAccept', isFlow: false, value: null },
  reset: {
    what: 'reset=0.4: share of connections reset in a request',
    field: 'resetInRequest',
    isFlow: false,
    value: 'share',
  },
  'lose-answer': { what: 'lose-answer=0.4: share of answers lost', field: 'loseAnswer', isFlow: false, value: 'share' },
} as const satisfies Readonly<Record<string, NetworkFaultDescription>>

const describe = (name: string): NetworkFaultDescription | null =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- own keys of the literal
  Object.hasOwn(networkFaults, name) ? networkFaults[name as keyof typeof networkFaults] : null

const numberIn = (text: string, low: number, high: number): number | null => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return value >= low && value <= high ? value : null
}

const readValue = (kind: NetworkFaultDescription['value'], text: string | undefined): unknown => {
  if (kind === null) return text === undefined ? true : null
  if (text === undefined) return null
  if (kind === 'share') return numberIn(text, 0, 1)
  if (kind === 'count') return numberIn(text, 1, 1e9)
  const [least, most = least, ...rest] = text.split('..').map((part) => numberIn(part, 0, 600_000))
  if (rest.length > 0) return null
  return least === null || most === null || least === undefined || most === undefined || least > most
    ? null
    : [least, most]
}

/** Reads `delay=100..1000`, `to-client:corrupt=0.001`, `stall`, …: all faults together, or a sentence that says what is wrong. */
export const readNetworkFaults = (specs: readonly string[]): NetworkFaults | string => {
  let faults: NetworkFaults = {}
  for (const spec of specs) {
    const [, way = null, name = '', text] = /^(?:(to-server|to-client):)?([a-z-]+)(?:=(.*))?$/.exec(spec) ?? []
    const fault = describe(name)
    if (fault === null) return `"${spec}" is no fault; known: ${Object.keys(networkFaults).join(', ')}`
    const value = readValue(fault.value, text)
    if (value === null) return `"${spec}": write it as in "${fault.what}"`
    if (way !== null && !fault.isFlow) return `"${spec}": ${name} has no direction`
    if (!fault.isFlow) faults = { ...faults, [fault.field]: value }
    if (fault.isFlow && way !== 'to-client')
      faults = { ...faults, toServer: { ...faults.toServer, [fault.field]: value } }
    if (fault.isFlow && way !== 'to-server')
      faults = { ...faults, toClient: { ...faults.toClient, [fault.field]: value } }
  }
  return faults
}
