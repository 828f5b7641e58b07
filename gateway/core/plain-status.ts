import {
  boxTrouble,
  callNow,
  capital,
  connection,
  highAlarms,
  nameOf,
  pumpTrouble,
  smallThings,
} from './plain-findings.ts'
import type { Priority } from '#domain/alarm/codes.ts'
import type { Finding, Mood, PlainInput, PlainPump, PlainStatus, PumpRow } from './plain-view.ts'

/** The worst finding is the headline, the others follow in a word each. "All is well" is said only when nothing else can be. */
export const plainStatus = (input: PlainInput): PlainStatus => {
  const findings = [
    ...callNow(input),
    ...highAlarms(input),
    ...boxTrouble(input),
    ...connection(input),
    ...pumpTrouble(input),
    ...smallThings(input),
  ].toSorted((a, b) => order.indexOf(a.mood) - order.indexOf(b.mood))
  const [worst = well(input), ...others] = findings
  return {
    hub: input.hub,
    simulated: input.simulated,
    version: input.version,
    mood: worst.mood,
    title: worst.title,
    lines: worst.lines,
    nurseLine: input.nurseLine,
    also: others.map(({ title }) => title),
    pumps: input.pumps.map((pump) => pumpRow(pump, input)),
    sounding: input.local.sounding,
    quietForMs: input.local.quietForMs,
    sounder: input.sounder,
  }
}

const order: readonly Mood[] = ['call', 'attention', 'note', 'well']

/** Of the pump that said something least lately: that is how old the statement is. */
const oldest = (pumps: readonly PlainPump[]): number | null =>
  pumps.reduce<number | null>((age, { silentMs }) => (silentMs === null ? age : Math.max(age ?? 0, silentMs)), null)

const well = ({ pumps }: PlainInput): Finding => {
  const agoMs = oldest(pumps)
  return {
    mood: 'well',
    title: { text: 'All is well' },
    lines: agoMs === null ? [] : [{ text: 'Last data', agoMs }],
  }
}

const pumpRow = (pump: PlainPump, { high }: PlainInput): PumpRow => {
  const { port, silentMs, lost, listenOnly, alarms, reason } = pump
  if (lost)
    return {
      port,
      mood: 'attention',
      line: { text: 'Not heard', ...(silentMs === null ? {} : { sinceMs: silentMs }) },
    }
  if (listenOnly && alarms.length === 0)
    return { port, mood: 'note', line: { text: 'No alarm. It speaks only when it has one.' } }
  if (silentMs === null) return { port, mood: 'note', line: { text: reason ?? 'No pump heard yet' } }
  const [worst] = alarms.toSorted((a, b) => rank.indexOf(a.priority) - rank.indexOf(b.priority))
  if (worst === undefined) return { port, mood: 'well', line: { text: 'No alarm. Last data', agoMs: silentMs } }
  const taken = high.some(({ alarm, accepted }) => alarm.port === port && alarm.code === worst.code && accepted)
  const text = `${capital(nameOf(worst.code))}${taken ? ', a nurse has it' : ''}. Last data`
  return { port, mood: moodOf[worst.priority], line: { text, agoMs: silentMs } }
}

const rank: readonly Priority[] = ['high', 'medium', 'low', 'info']
const moodOf: Readonly<Record<Priority, Mood>> = { high: 'call', medium: 'attention', low: 'note', info: 'well' }
