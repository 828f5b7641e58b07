import type { Field } from '../../fields.ts'
import { integer, shaped } from '../../fields.ts'

// HI "," devId "," maker "," model "," firmware "," status-interval "," capabilities        pump -> host (ip1.md 2)
//   devId            1..32 of A-Z a-z 0-9 . _ -
//   maker, model, firmware   0..24 printable
//   status-interval  int ms, 500..5000
//   capabilities     names joined by "+": AL AK LG DEMO TEST; unknown names are ignored; may be empty

export interface Hi {
  readonly type: 'HI'
  readonly devId: Field<string>
  readonly maker: Field<string>
  readonly model: Field<string>
  readonly firmware: Field<string>
  readonly statusInterval: Field<number>
  readonly capabilities: string
}

const label = /^.{0,24}$/

export const parseHi = (fields: readonly string[]): Hi | null => {
  const [devId, maker, model, firmware, interval, capabilities] = fields
  if (
    devId === undefined ||
    maker === undefined ||
    model === undefined ||
    firmware === undefined ||
    interval === undefined ||
    capabilities === undefined
  )
    return null
  return {
    type: 'HI',
    devId: shaped(devId, /^[A-Za-z0-9._-]{1,32}$/),
    maker: shaped(maker, label),
    model: shaped(model, label),
    firmware: shaped(firmware, label),
    statusInterval: integer(interval),
    capabilities,
  }
}
