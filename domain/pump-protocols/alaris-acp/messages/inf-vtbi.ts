import type { Field } from '../../fields.ts'
import { decimal, orEmpty } from '../../fields.ts'

// INF_VTBI "^" activity "^" volume "^" "ml" "^" end-action      pump -> host (alaris-acp.md 3)
//   volume  decimal, empty = no target. The other fields are inferred: shown, not interpreted.

export interface InfVtbi {
  readonly type: 'INF_VTBI'
  readonly activity: string
  readonly volume: Field<number | null>
  readonly unit: string
  readonly endAction: string
}

export const parseInfVtbi = ([activity, volume, unit, endAction]: readonly string[]): InfVtbi | null =>
  activity === undefined || volume === undefined || unit === undefined || endAction === undefined
    ? null
    : {
        type: 'INF_VTBI',
        activity: activity.trim(),
        volume: orEmpty(volume.trim(), decimal),
        unit: unit.trim(),
        endAction: endAction.trim(),
      }
