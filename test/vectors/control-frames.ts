import { bytes, crcOf, line, sumOf } from '#test/unit/pump-protocols/support.ts'
import { forbidden as alarisFrames } from './alaris-acp.ts'
import { forbiddenNames as neurowaveNames } from './neurowave-ap4000.ts'

const ip1Command = (verb: string): Uint8Array => line(`$IP1,CM,0001,7F3A,${verb}*${crcOf(`IP1,CM,0001,7F3A,${verb}`)}`)
const alarisText = (text: string): Uint8Array => bytes(`!${text}|${crcOf(text)}\r`)
const neurowaveText = (text: string): Uint8Array => line(`!${text}|${sumOf(text)}`)

/**
 * By protocol: every frame named in its page that starts, stops, programs, silences or switches a pump, or that a host must not send
 * for another reason, and the same with other fields. Each has a right check: only the whitelist stands between it and a pump.
 */
export const controlFrames: Readonly<Record<string, readonly Uint8Array[]>> = {
  // The page names no verb that acts; these are what a host might make up.
  ip1: ['STOP', 'START', 'RATE,12500', 'BOLUS,1000', 'SILENCE', 'OFF', 'AL!,0017', 'ST?,1', 'HI'].map(ip1Command),
  'alaris-acp': [
    ...alarisFrames.map((frame) => bytes(`${frame}\r`)),
    ...[
      'INF_START',
      'INF_STOP',
      'INF_RATE^25.0^ml/h',
      'INF_RATE',
      'INF_VTBI^10.0^ml^STOP',
      'INF_VTBI^',
      'INF_BOLUS^1.0^ml',
      'INF_BOLUS_START',
      'INF_VI_CLEAR',
      'REMOTE_CTRL',
      'REMOTE_CTRL^ENABLED^1234',
      'REMOTE_CFG^TIMEOUT^10',
      'REMQUERY^^^^',
      'REMQUERY',
    ].map(alarisText),
  ],
  'neurowave-ap4000': [
    ...neurowaveNames.flatMap((name) =>
      ['', '^', '^1', '^032-19-50-014', '^032-19-50-014^1'].map((more) => name + more),
    ),
    'STATREQ',
    'STATREQ^',
    'STATREQ^032-19-50-014^1',
    'STATREQ^032-19-50-0145',
    'CONNREQ^',
    'CONNREQ^0.1',
  ].map(neurowaveText),
}
